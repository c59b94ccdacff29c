"""A source is two files: those of docs/add-a-source.md, in a copy of the project."""

import numpy as np
import pytest
import xarray as xr

import copies
import guides

PAGE = "add-a-source.md"
STORES = [f"results/slope/drivers/{name}.zarr" for name in ("perfect", "biased")]
REGION = ("--config", "region=slope")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project with the source of the page."""
    project = copies.copy_project(tmp_path_factory.mktemp("source") / "project")
    guides.follow(PAGE, project)
    return project


@pytest.fixture(scope="module")
def prepared(project):
    """That copy, with the target and the drivers of the source."""
    done = copies.snakemake(project, "--cores", "2", *STORES, *REGION, "--quiet", "all")
    assert done.returncode == 0, done.stderr + done.stdout
    return project


def test_the_page_adds_two_files_of_code_and_a_region():
    assert {path for path, _ in guides.files(PAGE)} == {
        "workflow/downbench/core/config/sources/gradient.py",
        "workflow/downbench/sources/gradient/source.py",
        "config/regions/slope.yaml",
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


def test_the_keys_of_a_new_source_are_checked(project):
    region = project / "config/regions/slope.yaml"
    text = region.read_text()
    region.write_text(text.replace("bias: 1.5", "bais: 1.5"))
    done = copies.snakemake(project, "exp1", "-n", *REGION)
    region.write_text(text)
    assert done.returncode != 0
    assert "drivers.biased.bais = 1.5: no such key: did you mean 'bias'?" in done.stderr


def test_editing_a_driver_of_a_new_source_makes_that_driver_alone_again(prepared):
    assert copies.planned(prepared, *STORES, *REGION) == {}
    copies.edit(
        prepared / "config/regions/slope.yaml", lambda r: r["drivers"]["biased"].update(bias=2.0)
    )
    assert copies.planned(prepared, *STORES, *REGION) == {"prepare_driver": 1}
