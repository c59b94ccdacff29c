"""docs/add-a-source.md, followed in a copy of the project: a toy source is planned and run."""

import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import copies

PAGE = copies.ROOT / "docs/add-a-source.md"


def files_of_page(page: Path) -> dict[str, str]:
    """Return code blocks that begin with a comment naming their file, by that path."""
    blocks = re.findall(r"```(?:python|yaml)\n# (\S+)\n(.*?)```", page.read_text(), re.DOTALL)
    return dict(blocks)


SECTION = "workflow/downbench/core/config/sources/gradient.py"
STORES = [f"results/slope/drivers/{name}.zarr" for name in ("perfect", "biased")]


def write(project: Path, path: str) -> None:
    (project / path).parent.mkdir(parents=True, exist_ok=True)
    (project / path).write_text(files_of_page(PAGE)[path])


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project with the source, without its section."""
    project = copies.copy_project(tmp_path_factory.mktemp("source") / "project")
    for path in files_of_page(PAGE).keys() - {SECTION}:
        write(project, path)
    return project


def test_the_page_adds_one_file_and_a_region_and_then_a_section():
    assert set(files_of_page(PAGE)) == {
        "workflow/downbench/sources/gradient.py",
        "config/regions/slope.yaml",
        SECTION,
    }


def test_a_new_source_is_planned(project):
    jobs = copies.planned(project, "exp1", "--config", "region=slope")
    assert jobs["prepare_target"] == jobs["prepare_driver"] == 1
    assert "train_generative" in jobs


def test_target_and_drivers_of_a_new_source_keep_the_contract(project):
    folder = project / "results/slope"
    done = copies.snakemake(
        project, "--cores", "2", *STORES, "--config", "region=slope", "--quiet", "all"
    )
    assert done.returncode == 0, done.stderr + done.stdout
    perfect, biased = (
        xr.open_zarr(project / store, consolidated=False).load() for store in STORES
    )
    target = xr.open_zarr(folder / "target.zarr", consolidated=False).load()
    blocks = target["pr"].coarsen(y=4, x=4).mean()
    np.testing.assert_allclose(perfect["pr"].values, blocks.values, rtol=1e-6)
    np.testing.assert_allclose(biased["pr"].values, 1.5 * blocks.values, rtol=1e-6)
    assert biased.attrs["driver_type"] == "gcm"


def test_editing_a_driver_of_a_new_source_makes_that_driver_alone_again(project):
    copies.edit(
        project / "config/regions/slope.yaml", lambda r: r["drivers"]["biased"].update(bias=2.0)
    )
    jobs = copies.planned(project, *STORES, "--config", "region=slope")
    write(project, "config/regions/slope.yaml")
    assert jobs == {"prepare_driver": 1}


def test_a_section_of_its_own_makes_no_series_again(project):
    write(project, SECTION)
    assert copies.planned(project, *STORES, "--config", "region=slope") == {}


def test_the_keys_of_a_section_are_checked(project):
    region = project / "config/regions/slope.yaml"
    text = region.read_text()
    region.write_text(text.replace("bias: 1.5", "bais: 1.5"))
    done = copies.snakemake(project, "exp1", "-n", "--config", "region=slope")
    region.write_text(text)
    assert done.returncode != 0
    assert "drivers.biased.bais = 1.5: no such key: did you mean 'bias'?" in done.stderr
