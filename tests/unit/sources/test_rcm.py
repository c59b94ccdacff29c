"""A regional model's run on the fine grid, in the form of an ensemble."""

import json

import numpy as np
import pytest
import xarray as xr

from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.errors import UserError
from downbench.core.io import stores
from downbench.steps import prepare_rcm

SIDE = np.arange(8)
LAT, LON = np.meshgrid(40 + 0.25 * SIDE, -5 + 0.25 * SIDE, indexing="ij")
TIME = xr.date_range("2000-12-01", periods=30, freq="D")


@pytest.fixture
def folder(tmp_path):
    """A fine target with one masked cell, and a model on a grid turned by 20 degrees."""
    rng = np.random.default_rng(0)
    fields = {
        "pr": (rng.gamma(0.6, 6, (30, 8, 8)), "mm day-1"),
        "tas": (280 + rng.normal(0, 3, (30, 8, 8)), "K"),
    }
    for values, _ in fields.values():
        values[:, 0, 0] = np.nan
    grid = (("y", "x"), np.ones((8, 8)))
    target = xr.Dataset(
        {n: (("time", "y", "x"), v.astype("f4"), {"units": u}) for n, (v, u) in fields.items()},
        coords={"time": TIME, "lat": (("y", "x"), LAT), "lon": (("y", "x"), LON)},
        attrs={"region": "little", "frequency": "day"},
    ).assign(orog=(*grid, {"units": "m"}), land=(*grid, {"units": "1"}),
             cell_area=(*grid, {"units": "m2"}))  # fmt: skip
    stores.write(target, tmp_path / "target.zarr")
    write_model(tmp_path)
    return tmp_path


def write_model(folder, reach: float = 2.0, change=lambda dataset: dataset) -> None:
    """Rain that is 0 or 5 mm, and a temperature that is a plane in lat and lon [degC]."""
    y, x = np.meshgrid(np.linspace(-reach, reach, 16), np.linspace(-reach, reach, 16))
    angle = np.radians(20)
    lat = 40.9 + y * np.cos(angle) + x * np.sin(angle)
    lon = -4.1 + x * np.cos(angle) - y * np.sin(angle)
    rain = 5.0 * (np.random.default_rng(1).random((30, 16, 16)) < 0.4)
    plane = np.broadcast_to(10 + 2 * (lat - 40) - lon, rain.shape)
    made = xr.Dataset(
        {
            "rr": (("time", "rlat", "rlon"), rain / 86400, {"units": "kg m-2 s-1"}),
            "t2": (("time", "rlat", "rlon"), plane, {"units": "degC"}),
        },
        coords={
            "time": TIME + np.timedelta64(12, "h"),
            "lat": (("rlat", "rlon"), lat),
            "lon": (("rlat", "rlon"), lon + 360),
        },
    )
    change(made).to_netcdf(folder / "rcm.nc")


def prepared(folder, **entries) -> xr.Dataset:
    region = RegionInputs.model_validate(
        {
            "name": "little",
            "targets": ["pr", "tas"],
            "factor": 4,
            "resolution_km": 25.0,
            "year_start_month": 12,
            "drivers": {"perfect": {"type": "perfect", "predictors": ["pr", "tas"]}},
            "data_dir": str(folder),
            "target": {
                "source": "files",
                "frequency": "day",
                "accumulation_window": "00-24",
                "fine_shape": [8, 8],
                "variables": {
                    name: {"path": "fine.nc", "variable": name} for name in ("pr", "tas")
                },
            },
        }
    )
    run = {
        "pr": {"path": "rcm.nc", "variable": "rr", "method": "nearest"},
        "tas": {"path": "rcm.nc", "variable": "t2", "method": "linear"},
    } | entries
    prepare_rcm.main([
        *("--region", region.model_dump_json(), "--name", "model", "--period", "historical"),
        *("--rcm", json.dumps({"driven_by": "a global model", "historical": run})),
        *("--target", str(folder / "target.zarr"), "--output", str(folder / "run.zarr")),
    ])  # fmt: skip
    return stores.read(folder / "run.zarr", "ensemble").load()


def test_it_keeps_the_contract_of_ensembles_and_the_mask_of_the_truth(folder):
    run = prepared(folder)
    assert run["pr"].dims == ("time", "member", "y", "x") and run.sizes["member"] == 1
    assert run.attrs["driver_type"] == "gcm" and run.attrs["fit_years"] == "[]"
    assert run.attrs["model"] == "model" and run.attrs["run_years"] == "[2001]"
    missing = np.isnan(run["tas"].values[:, 0])
    assert missing[:, 0, 0].all() and missing.sum() == 30
    assert (run["time"].dt.hour == 0).all()


def test_a_plane_of_temperature_comes_out_exactly_and_rain_keeps_its_values(folder):
    run = prepared(folder)
    plane = 283.15 + 2 * (LAT - 40) - LON
    there = np.isfinite(run["tas"].values[0, 0])
    np.testing.assert_allclose(run["tas"].values[0, 0][there], plane[there], atol=1e-3)
    rain = run["pr"].values[np.isfinite(run["pr"].values)]
    assert set(rain.round(3).tolist()) == {0.0, 5.0}


def test_missing_values_of_the_model_stay_missing(folder):
    write_model(folder, change=lambda d: d.where(d["time"] != d["time"][3]))
    run = prepared(folder)
    assert np.isnan(run["pr"].values[3]).all() and np.isnan(run["tas"].values[3]).all()


def test_a_domain_that_is_too_small_is_refused(folder):
    write_model(folder, reach=0.6)
    with pytest.raises(UserError, match="covers .* valid cells"):
        prepared(folder)


def test_variables_and_units_are_named(folder):
    with pytest.raises(UserError, match="'tx' is absent.*rr, t2"):
        prepared(folder, tas={"path": "rcm.nc", "variable": "tx", "method": "linear"})
    wrong = {"path": "rcm.nc", "variable": "t2", "units": "mm", "method": "linear"}
    with pytest.raises(UserError, match="no conversion of units 'mm'"):
        prepared(folder, tas=wrong)
