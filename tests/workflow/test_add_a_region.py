"""A region is one file: the one of docs/add-a-region.md, with a small file of rain."""

import numpy as np
import pytest
import xarray as xr

import copies
import guides


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = copies.copy_project(tmp_path_factory.mktemp("region") / "project")
    guides.follow("add-a-region.md", project)
    return project


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A folder with three years of rain on 8 x 12 cells."""
    folder = tmp_path_factory.mktemp("data")
    time = xr.date_range("2001-01-01", "2003-12-31")
    rain = np.random.default_rng(0).gamma(0.5, 8.0, (time.size, 8, 12))
    coords = {"time": time, "lat": 45 + 0.01 * np.arange(8), "lon": 8 + 0.01 * np.arange(12)}
    (folder / "meadow").mkdir()
    dataset = xr.Dataset({"rr": (("time", "lat", "lon"), rain)}, coords)
    dataset.to_netcdf(folder / "meadow/rain.nc")
    return folder


def test_an_absent_file_is_named_with_its_origin(project, tmp_path):
    settings = ["--config", "region=meadow", f"data_dir={tmp_path}"]
    done = copies.snakemake(project, "exp1", "-n", *settings)
    assert done.returncode != 0
    assert "meadow/rain.nc (from the gauge network of the meadow)" in done.stderr


def test_the_region_is_planned_and_its_target_keeps_the_contract(project, data):
    settings = ["--config", "region=meadow", f"data_dir={data}"]
    assert copies.planned(project, "exp1", *settings)["prepare_target"] == 1
    store = "results/meadow/target.zarr"
    done = copies.snakemake(project, store, "--cores", "2", *settings)
    assert done.returncode == 0, done.stderr
    assert xr.open_zarr(project / store, consolidated=False)["pr"].shape == (1095, 8, 12)
