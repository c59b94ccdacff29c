"""The data contract tells every breach at once."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from downbench.core.completion import completed
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
    one_day = of_a_year(target)
    one_day["pr"] = one_day["pr"].where(one_day["time"] == one_day["time"][0])
    breach(one_day, "values are missing")


def test_an_island_in_the_sea_is_not_almost_all_missing(target):
    wide = target.pad(x=(0, 60), mode="edge").pad(y=(0, 60), mode="edge")
    inside = (np.arange(wide.sizes["y"]) == 0)[:, None] & (np.arange(wide.sizes["x"]) < 3)
    island = wide.assign({n: wide[n].where(inside) for n in ("pr", "tasmax") if n in wide})
    check(island, "target")


def of_a_year(dataset: xr.Dataset, factor: float = 1.0) -> xr.Dataset:
    """The same month of rain over and over, in a unit that is `factor` times too small."""
    months = dataset.isel(time=np.arange(370) % 30)
    months = months.assign_coords(time=pd.date_range("2000-01-01", periods=370))
    return months.assign(pr=(months.pr * factor).assign_attrs(dataset.pr.attrs))


@pytest.mark.parametrize("factor", [0.1, 10.0])
def test_a_year_of_rain_in_another_unit_shows_by_its_median(target, factor):
    breach(of_a_year(target, factor), "median of values ≥ 0.1")
    check(of_a_year(target), "target")


def test_drizzle_is_no_wrong_unit(target):
    """A model that drizzles on every dry day is what a quantile mapping is for."""
    drizzling = of_a_year(target)
    drizzle = np.maximum(drizzling.pr, np.float32(0.3)).assign_attrs(target.pr.attrs)
    check(drizzling.assign(pr=drizzle), "target")


def test_a_dry_season_is_no_wrong_unit_and_a_dry_year_is(target):
    for factor in (0.0, 1 / 86400, 0.01):
        check(of_a_year(target, factor).isel(time=slice(90)), "target")
        breach(of_a_year(target, factor), "no value of 370 times reaches 1 mm")


def test_a_desert_and_polar_snow_are_in_no_other_unit(target):
    """Rain of 0.1 to 0.5 mm: rare in a desert, frequent beyond 60 degrees."""
    small = of_a_year(target, 0.05)
    often = small.assign(lat=small["lat"] - 110)
    check(often, "target")
    breach(small, "ordinary rain in inches|median of values ≥ 0.1")
    storms = target["pr"].where(target["pr"] > 10, 0.3 * (target["pr"] > 8)) / 5
    check(of_a_year(target.assign(pr=storms.assign_attrs(target["pr"].attrs))), "target")


def test_every_day_is_looked_at(target, monkeypatch):
    monkeypatch.setattr("downbench.core.contract_values.VALUES_AT_ONCE", 3 * 64)
    for value, pattern in (
        (-50.0, "from -50 .* first on 2000-11-03"),
        (np.inf, "1 values are inf"),
    ):
        wrong = of_a_year(target).copy(deep=True)
        wrong["pr"][307, 3, 3] = value
        breach(wrong, pattern)
    wrong["pr"][307, 3, 3] = np.nan
    check(wrong, "target")


def test_the_grid_has_no_holes(target):
    for name in ("lat", "cell_area"):
        holed = target.copy(deep=True)
        holed[name][0, 0] = np.nan
        breach(holed, f"{name}: 1 cells are missing")
    breach(target.assign(orog=target.orog.T), "orog: dims are")
    breach(target.assign_attrs(factor=3), "factor is 3: give a whole number .* 8 × 8")


def test_stamps_and_frequency_agree(target):
    breach(target.assign_attrs(frequency="5min"), "1 days apart, .* frequency is '5min'")
    hourly = target.assign_coords(time=pd.date_range("2000-01-01", periods=30, freq="h"))
    breach(hourly, "frequency is 'day'")
    check(hourly.assign_attrs(frequency="1h"), "target")


def minimal(target: xr.Dataset) -> xr.Dataset:
    """What DESIGN names: variables with units, a grid, static fields; 1-D axes are regular."""
    axes = {"lat": ("y", target.lat.values[:, 0]), "lon": ("x", target.lon.values[0])}
    least = target.drop_vars(["land", "lat", "lon"]).assign_coords(axes)
    for name in ("orog", "cell_area"):
        least[name].attrs.clear()
    least.attrs.clear()
    return least


def test_what_follows_from_the_rest_may_be_left_out(target):
    metres = np.full((8, 8), (111195 / 7) ** 2 * np.cos(np.radians(44.5)))
    target = target.assign(cell_area=target.cell_area.copy(data=metres))
    done = completed(minimal(target), "target")
    check(done, "target")
    assert done.attrs["frequency"] == "day"
    for name in ("lat", "lon"):
        np.testing.assert_allclose(done[name], target[name])
    assert bool(done["land"].isnull().all())
    five = minimal(target).assign_coords(time=pd.date_range("2000", periods=30, freq="5min"))
    assert completed(five, "target").attrs["frequency"] == "5min"


def test_what_is_in_doubt_is_not_inferred(target):
    square_km = minimal(target).assign(cell_area=(("y", "x"), np.full((8, 8), 200.0)))
    breach(completed(square_km, "target"), "cell_area: no units")
    monthly = minimal(target).assign_coords(time=pd.date_range("2000", periods=30, freq="MS"))
    breach(completed(monthly, "target"), "'frequency' is absent")
    nameless = minimal(target)
    nameless["pr"].attrs.clear()
    breach(completed(nameless, "target"), "pr: no units")


@pytest.fixture
def ensemble(target) -> xr.Dataset:
    names = ("model", "driver", "split", "fit_years", "seed_policy")
    return target[["pr"]].expand_dims(member=2, axis=1).assign_attrs(dict.fromkeys(names, "x"))


def test_an_ensemble_may_be_sampled_in_spells(ensemble):
    check(ensemble.isel(time=[0, 1, 2, 10, 11, 12]).assign_attrs(frequency="day"), "ensemble")


def test_a_predicted_mean_may_drizzle_everywhere(ensemble):
    drizzle = ensemble.pr.where(ensemble.pr > 1.0, 0.4)
    check(ensemble.assign(pr=drizzle.assign_attrs(ensemble.pr.attrs)), "ensemble")


def test_a_member_without_any_value_is_named(ensemble):
    gone = ensemble.copy(deep=True)
    gone["pr"][:, 1] = np.nan
    with pytest.raises(UserError, match="pr: member 1 of 2 has no value"):
        check(gone, "ensemble")


def test_frequency_tells_which_rain_an_ensemble_may_hold(ensemble):
    heavy = (
        of_a_year(ensemble, 10.0)
        .drop_vars("time")
        .assign_coords(time=pd.date_range("2000-01-01", periods=370, freq="5min"))
    )
    check(heavy.assign_attrs(frequency="5min"), "ensemble")
    daily = heavy.assign_coords(time=pd.date_range("2000-01-01", periods=370))
    with pytest.raises(UserError, match="median"):
        check(daily.assign_attrs(frequency="day"), "ensemble")
