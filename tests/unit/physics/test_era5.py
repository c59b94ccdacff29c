"""Hourly ERA5 to daily terms: windows, signs and units on fields with known sums."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from downbench.core.errors import UserError
from downbench.physics import era5, moisture_budget

DIMS = ("time", "lat", "lon")
LAT, LON = np.array([47.0, 46.75, 46.5, 46.25]), np.array([9.0, 9.25, 9.5, 9.75])


def hourly(values: np.ndarray, units: str, first: str = "2020-01-01 00:00") -> xr.DataArray:
    """A series [hours] on a small grid, north to south as ECMWF has it."""
    time = pd.date_range(first, periods=len(values), freq="h")
    field = np.broadcast_to(values[:, None, None], (len(values), 4, 4))
    coords = {"time": time, "lat": LAT, "lon": LON}
    return xr.DataArray(field.copy(), coords, DIMS, attrs={"units": units})


def test_a_day_is_what_falls_in_the_hours_that_end_in_it() -> None:
    """Trap T16: the stamp 00 of the next day belongs to this one, its own 00 to the day before."""
    rain = np.zeros(49)
    rain[[0, 1, 24, 25]] = [1e-3, 2e-3, 4e-3, 8e-3]
    daily = era5.daily(xr.Dataset({"tp": hourly(rain, "m")}))
    assert daily["time"].values.astype("M8[D]").astype(str).tolist() == [
        "2020-01-01",
        "2020-01-02",
    ]
    np.testing.assert_allclose(daily["pr"][:, 0, 0], [6.0, 8.0])
    assert daily["pr"].attrs["units"] == "mm day-1"


def test_a_day_with_a_missing_value_is_missing_and_a_short_one_is_no_day() -> None:
    rain = np.full(49, 1e-3)
    rain[30] = np.nan
    daily = era5.daily(xr.Dataset({"tp": hourly(rain, "m")}))
    np.testing.assert_allclose(daily["pr"][:, 0, 0], [24.0, np.nan])
    short = xr.Dataset({"tp": hourly(np.full(40, 1e-3), "m")})
    assert era5.daily(short).sizes["time"] == 1
    with pytest.raises(UserError, match="tp: no day has its 24 hours"):
        era5.daily(short.isel(time=slice(20)))


def test_evaporation_turns_positive_and_divergence_keeps_its_sign() -> None:
    """ECMWF counts evaporation downward: -0.1 mm an hour is 2.4 mm day-1 upward."""
    fields = {
        "e": hourly(np.full(25, -1e-4), "m of water equivalent"),
        "vimd": hourly(np.full(25, 0.05), "kg m**-2"),
    }
    daily = era5.daily(xr.Dataset(fields))
    np.testing.assert_allclose(86400 * daily["evspsbl"], 2.4)
    np.testing.assert_allclose(86400 * daily["moisture_divergence"], 1.2)
    fields["vimd"] = hourly(np.full(25, 0.05 / 3600), "kg m**-2 s**-1")
    again = era5.daily(xr.Dataset(fields))
    np.testing.assert_allclose(again["moisture_divergence"], daily["moisture_divergence"])


def test_storage_is_the_change_from_midnight_to_midnight() -> None:
    water = 10 + np.arange(73) * 0.1
    daily = era5.daily(xr.Dataset({"tcwv": hourly(water, "kg m-2")}))
    np.testing.assert_allclose(daily["prw"][:, 0, 0], [10.0, 12.4, 14.8])
    np.testing.assert_allclose(86400 * daily["prw_tendency"], 2.4)


def test_the_budget_of_archived_terms_closes() -> None:
    """Rain of 3 mm: 2 evaporate, 4 converge, and 3 stay in the column."""
    hours = np.arange(49)
    fields = {
        "tp": hourly(np.full(49, 3e-3 / 24), "m"),
        "e": hourly(np.full(49, -2e-3 / 24), "m"),
        "vimd": hourly(np.full(49, -4 / 24), "kg m-2"),
        "tcwv": hourly(20 + 3 * hours / 24, "kg m-2"),
    }
    driver = era5.daily(xr.Dataset(fields))
    assert moisture_budget.available(driver)
    np.testing.assert_allclose(moisture_budget.budget_rain(driver), 3.0, rtol=1e-9)
    np.testing.assert_allclose(moisture_budget.residual(driver, driver["pr"]), 0.0, atol=1e-9)
    np.testing.assert_allclose(moisture_budget.supply(driver), 6.0, rtol=1e-9)


@pytest.mark.parametrize("flip", [slice(None), slice(None, None, -1)])
def test_fluxes_on_faces_diverge_as_they_should(flip: slice) -> None:
    """A flux that grows eastward diverges, in whichever order the latitudes come."""
    east = hourly(np.ones(49), "kg m-1 s-1") * xr.DataArray(100 + 40 * (LON - 9), dims="lon")
    fields = xr.Dataset(
        {
            "tp": hourly(np.full(49, 1e-4), "m"),
            "flux_east": east,
            "flux_north": 0 * east,
        }
    ).isel(lat=flip)
    daily = era5.daily(fields)
    assert dict(daily.sizes) == {"time": 2, "Y": 2, "X": 2, "X_face": 3, "Y_face": 3}
    assert (np.diff(daily["Y"]) > 0).all()
    lengths = (daily["face_length_east"].values, daily["face_length_north"].values)
    area = moisture_budget.cell_area_m2(*lengths)
    found = moisture_budget.divergence_per_area(
        daily["flux_east"], daily["face_length_east"], area, "X_face"
    )
    metres = 6_371_000 * np.cos(np.radians(daily["Y"].values)) * np.radians(0.25)
    np.testing.assert_allclose(found.transpose("time", "X", "Y")[0, 0], 10 / metres, rtol=1e-4)


def test_columns_weigh_layers_by_their_mass() -> None:
    """1 g kg-1 between 700 and 300 hPa is 4.08 kg m-2, and levels below ground hold nothing."""
    level = np.array([30_000.0, 50_000.0, 70_000.0, 100_000.0])
    field = xr.DataArray(
        np.full((1, 4, 1, 1), 1e-3), {"plev": level}, ("time", "plev", "lat", "lon")
    )
    ground = xr.DataArray([[[80_000.0]]], dims=DIMS)
    made = xr.Dataset({"hus": field, "ua": 0 * field + 10, "va": 0 * field - 5, "sp": ground})
    for order in (slice(None), slice(None, None, -1)):
        found = era5.columns(made.isel(plev=order))
        assert found["tcwv"].item() == pytest.approx(1e-3 * 40_000 / 9.80665)
        assert found["flux_east"].item() == pytest.approx(10 * found["tcwv"].item())
        assert found["flux_north"].item() == pytest.approx(-5 * found["tcwv"].item())


def test_other_units_and_steps_are_refused() -> None:
    with pytest.raises(UserError, match="tp: units are 'inch'"):
        era5.daily(xr.Dataset({"tp": hourly(np.ones(25), "inch")}))
    gap = xr.Dataset({"tp": hourly(np.ones(48), "m")}).isel(time=[*range(10), *range(20, 48)])
    with pytest.raises(UserError, match="time: a step of 11 hours"):
        era5.daily(gap)
