"""The data contract tells every breach at once."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from downbench.core.contract import check, missing_days
from downbench.core.errors import UserError


@pytest.fixture
def target() -> xr.Dataset:
    rng = np.random.default_rng(0)
    shape, grid = (30, 8, 8), ("y", "x")
    lat, lon = np.meshgrid(np.linspace(44, 45, 8), np.linspace(7, 8, 8), indexing="ij")
    wet = rng.random(shape) < 0.4
    return xr.Dataset(
        {
            "pr": (
                ("time", *grid),
                np.where(wet, rng.gamma(1, 5, shape), 0),
                {"units": "mm day-1"},
            ),
            "tasmax": (("time", *grid), 285 + rng.normal(size=shape), {"units": "K"}),
            "orog": (grid, np.zeros((8, 8)), {"units": "m"}),
            "land": (grid, np.ones((8, 8)), {"units": "1"}),
            "cell_area": (grid, np.full((8, 8), 1.6e7), {"units": "m2"}),
        },
        coords={
            "time": pd.date_range("2000-01-01", periods=30),
            "lat": (grid, lat),
            "lon": (grid, lon),
        },
        attrs={"region": "test", "frequency": "day"},
    )


def breach(dataset: xr.Dataset, pattern: str) -> None:
    with pytest.raises(UserError, match=pattern):
        check(dataset, "target")


def test_a_good_target_passes(target):
    check(target, "target")


def test_all_breaches_come_in_one_message(target):
    target["pr"] = (target.pr / 86400).assign_attrs(units="kg m-2 s-1")
    target = target.assign_coords(lon=target.lon + 360).drop_vars("orog")
    with pytest.raises(UserError) as error:
        check(target, "target", label="target.zarr")
    for part in ("target.zarr", "kg m-2 s-1", "orog", "-180…180"):
        assert part in str(error.value)


def test_rain_in_a_flux_unit_shows_by_its_size(target):
    breach(
        target.assign(pr=(target.pr * 86400).assign_attrs(units="mm day-1")), "pr: values|median"
    )


def test_celsius_is_out_of_range(target):
    breach(
        target.assign(tasmax=(target.tasmax - 273.15).assign_attrs(units="K")), "tasmax: values"
    )


def test_negative_rain_is_a_breach(target):
    breach(target.assign(pr=(target.pr - 1).assign_attrs(units="mm day-1")), "pr: values from -1")


def test_time_must_increase(target):
    breach(target.isel(time=slice(None, None, -1)), "not strictly increasing")


def test_wrong_dims_are_named(target):
    breach(target.rename(y="lat_index"), "dims are")


def test_a_missing_day_is_a_breach(target):
    breach(target.isel(time=[0, 1, 3, 4, 5]), "1 day is missing")


def test_a_season_gap_is_no_missing_day():
    winters = pd.date_range("1990-12-01", "1991-02-28").append(
        pd.date_range("1991-12-01", "1992-02-29")
    )
    assert missing_days(xr.Dataset(coords={"time": winters})) == 0


def test_almost_all_missing_is_a_breach(target):
    breach(target.assign(pr=target.pr.where(target.pr > 1e6)), "values are missing")


def test_rain_in_another_unit_shows_by_its_median(target):
    rain = {
        name: (target.pr * factor).assign_attrs(target.pr.attrs)
        for name, factor in {"cm": 0.1, "ten times": 10.0}.items()
    }
    for wrong in rain.values():
        breach(target.assign(pr=wrong), "median of values ≥ 0.1")


@pytest.fixture
def ensemble(target) -> xr.Dataset:
    names = ("model", "driver", "split", "fit_years", "seed_policy")
    return target[["pr"]].expand_dims(member=2, axis=1).assign_attrs(dict.fromkeys(names, "x"))


def test_an_ensemble_may_be_sampled_in_spells(ensemble):
    check(ensemble.isel(time=[0, 1, 2, 10, 11, 12]).assign_attrs(frequency="day"), "ensemble")


def test_a_predicted_mean_may_drizzle_everywhere(ensemble):
    drizzle = ensemble.pr.where(ensemble.pr > 1.0, 0.4)
    check(ensemble.assign(pr=drizzle.assign_attrs(ensemble.pr.attrs)), "ensemble")


def test_frequency_tells_which_rain_an_ensemble_may_hold(ensemble):
    heavy = ensemble.assign(pr=(ensemble.pr * 10).assign_attrs(ensemble.pr.attrs))
    check(heavy.assign_attrs(frequency="5min"), "ensemble")
    with pytest.raises(UserError, match="median"):
        check(heavy.assign_attrs(frequency="day"), "ensemble")
