"""docs/add-a-source.md, followed in a copy of the project: a toy source is planned and run."""

import numpy as np
import pytest
import xarray as xr

import copies
import guides

PAGE = "add-a-source.md"
SECTION = "workflow/downbench/core/config/sources/gradient.py"
STORES = [f"results/slope/drivers/{name}.zarr" for name in ("perfect", "biased")]
REGION = ("--config", "region=slope")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project with the source, without its section."""
    project = copies.copy_project(tmp_path_factory.mktemp("source") / "project")
    guides.follow(PAGE, project, without=SECTION)
    return project


@pytest.fixture(scope="module")
def prepared(project):
    """That copy, with the target and the drivers of the source."""
    done = copies.snakemake(project, "--cores", "2", *STORES, *REGION, "--quiet", "all")
    assert done.returncode == 0, done.stderr + done.stdout
    return project


@pytest.fixture
def region(prepared):
    """The region's file, restored after a test that edits it."""
    path = prepared / "config/regions/slope.yaml"
    text = path.read_text()
    yield path
    path.write_text(text)


def test_the_page_adds_one_file_and_a_region_and_then_a_section():
    assert {path for path, _ in guides.files(PAGE)} == {
        "workflow/downbench/sources/gradient.py",
        "config/regions/slope.yaml",
        SECTION,
    }


def test_a_new_source_is_planned(project):
    jobs = copies.planned(project, "exp1", *REGION)
    assert jobs["prepare_target"] == jobs["prepare_driver"] == 1
    assert "train_generative" in jobs


def test_target_and_drivers_of_a_new_source_keep_the_contract(prepared):
    perfect, biased = (
        xr.open_zarr(prepared / store, consolidated=False).load() for store in STORES
    )
    target = xr.open_zarr(prepared / "results/slope/target.zarr", consolidated=False).load()
    blocks = target["pr"].coarsen(y=4, x=4).mean()
    np.testing.assert_allclose(perfect["pr"].values, blocks.values, rtol=1e-6)
    np.testing.assert_allclose(biased["pr"].values, 1.5 * blocks.values, rtol=1e-6)
    assert biased.attrs["driver_type"] == "gcm"


def test_editing_a_driver_of_a_new_source_makes_that_driver_alone_again(prepared, region):
    assert copies.planned(prepared, *STORES, *REGION) == {}
    copies.edit(region, lambda r: r["drivers"]["biased"].update(bias=2.0))
    assert copies.planned(prepared, *STORES, *REGION) == {"prepare_driver": 1}


def test_a_section_makes_no_series_again_and_checks_its_keys(prepared, region):
    section = dict(guides.files(PAGE))[SECTION]
    (prepared / SECTION).write_text(section)
    assert copies.planned(prepared, *STORES, *REGION) == {}
    region.write_text(region.read_text().replace("bias: 1.5", "bais: 1.5"))
    done = copies.snakemake(prepared, "exp1", "-n", *REGION)
    assert done.returncode != 0
    assert "drivers.biased.bais = 1.5: no such key: did you mean 'bias'?" in done.stderr
