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


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = copies.copy_project(tmp_path_factory.mktemp("source") / "project")
    for path, text in files_of_page(PAGE).items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text(text)
    return project


def test_the_page_adds_two_files_of_code_and_a_region():
    assert set(files_of_page(PAGE)) == {
        "workflow/downbench/core/config/sources/gradient.py",
        "workflow/downbench/sources/gradient/source.py",
        "config/regions/slope.yaml",
    }


def test_a_new_source_is_planned(project):
    jobs = copies.planned(project, "exp1", "--config", "region=slope")
    assert jobs["prepare_target"] == jobs["prepare_driver"] == 1
    assert "train_generative" in jobs


def test_target_and_drivers_of_a_new_source_keep_the_contract(project):
    folder = project / "results/slope"
    stores = [f"results/slope/drivers/{name}.zarr" for name in ("perfect", "biased")]
    done = copies.snakemake(
        project, "--cores", "2", *stores, "--config", "region=slope", "--quiet", "all"
    )
    assert done.returncode == 0, done.stderr + done.stdout
    perfect, biased = (
        xr.open_zarr(project / store, consolidated=False).load() for store in stores
    )
    target = xr.open_zarr(folder / "target.zarr", consolidated=False).load()
    blocks = target["pr"].coarsen(y=4, x=4).mean()
    np.testing.assert_allclose(perfect["pr"].values, blocks.values, rtol=1e-6)
    np.testing.assert_allclose(biased["pr"].values, 1.5 * blocks.values, rtol=1e-6)
    assert biased.attrs["driver_type"] == "gcm"


def test_the_keys_of_a_new_source_are_checked(project):
    region = project / "config/regions/slope.yaml"
    text = region.read_text()
    region.write_text(text.replace("bias: 1.5", "bais: 1.5"))
    done = copies.snakemake(project, "exp1", "-n", "--config", "region=slope")
    region.write_text(text)
    assert done.returncode != 0
    assert "drivers.biased.bais = 1.5: no such key: did you mean 'bias'?" in done.stderr


def test_editing_a_driver_of_a_new_source_makes_that_driver_alone_again(project):
    copies.edit(
        project / "config/regions/slope.yaml", lambda r: r["drivers"]["biased"].update(bias=2.0)
    )
    stores = [f"results/slope/drivers/{name}.zarr" for name in ("perfect", "biased")]
    jobs = copies.planned(project, *stores, "--config", "region=slope")
    assert jobs == {"prepare_driver": 1}
