"""A month of real hourly ERA5 over Davos: signs, units and windows, term by term.

The budget itself does not close there: the box is small and the layers below 700 hPa are absent.
"""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from downbench.core.errors import UserError
from downbench.physics import era5, moisture_budget, saturation

FILE = Path(__file__).parents[3] / "shared" / "data" / "era5_davos" / "era5_hourly_202001.nc"

pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"real ERA5 data absent: {FILE.name}")


@pytest.fixture(scope="module")
def hourly() -> xr.Dataset:
    fields = xr.load_dataset(FILE)
    return fields.merge(era5.columns(fields))


@pytest.fixture(scope="module")
def daily(hourly: xr.Dataset) -> xr.Dataset:
    return era5.daily(hourly)


def inner(field: xr.DataArray) -> np.ndarray:
    return field.isel(lat=slice(1, -1), lon=slice(1, -1)).values


def test_rain_of_a_day_is_the_sum_of_its_hours(hourly, daily) -> None:
    hours = inner(hourly["tp"])
    for day in (0, 17, 29):
        wanted = hours[24 * day + 1 : 24 * day + 25].sum(axis=0)
        np.testing.assert_allclose(daily["pr"].values[day], wanted, rtol=1e-9)
    month = daily["pr"].sum("time")
    assert 20 < float(month.min()) < float(month.max()) < 200
    assert daily.sizes["time"] == 30


def test_moisture_is_of_the_size_of_an_alpine_winter(hourly, daily) -> None:
    """Above 700 hPa a few kg m-2; the tendencies add up to the month's change."""
    water = hourly["tcwv"]
    assert 1 < float(water.mean()) < 5 and float(water.min()) > 0
    midnight = inner(water)[::24]
    np.testing.assert_allclose(daily["prw"], midnight[:30])
    change = 86400 * daily["prw_tendency"].sum("time")
    np.testing.assert_allclose(change, midnight[30] - midnight[0], atol=1e-9)


def test_the_flux_is_carried_by_the_wind(hourly, daily) -> None:
    for flux, wind in (("flux_east", "ua"), ("flux_north", "va")):
        above = hourly[wind].sel(plev=[5e4, 6e4, 7e4]).mean("plev")
        both = hourly[flux], above
        assert float(xr.corr(*both)) > 0.8
        mean = float((hourly[flux] / hourly["tcwv"]).mean())
        assert np.sign(mean) == np.sign(float(above.mean())) and 1 < abs(mean) < 30
    assert float(daily["flux_east"].mean()) > 0


def test_divergence_is_what_leaves_through_the_rim(daily) -> None:
    lengths = {axis: daily[f"face_length_{axis}"] for axis in ("east", "north")}
    area = moisture_budget.cell_area_m2(*(one.values for one in lengths.values()))
    east, north = (
        moisture_budget.divergence_per_area(daily[f"flux_{axis}"], lengths[axis], area, face)
        for axis, face in (("east", "X_face"), ("north", "Y_face"))
    )
    lost = ((east + north).transpose("time", "Y", "X").values * area).sum(axis=(1, 2))
    through_east = (daily["flux_east"] * lengths["east"]).sum("Y")
    through_north = (daily["flux_north"] * lengths["north"]).sum("X")
    rim = through_east.isel(X_face=-1) - through_east.isel(X_face=0)
    rim = rim + through_north.isel(Y_face=-1) - through_north.isel(Y_face=0)
    np.testing.assert_allclose(lost, rim, rtol=1e-9)
    assert 1 < 86400 * float((east + north).std()) < 10
    km = np.sqrt(area / 1e6)
    assert 20 < km.min() < km.max() < 26


def test_evaporation_is_asked_for(daily) -> None:
    assert moisture_budget.missing_terms(daily) == ("evspsbl",)
    with pytest.raises(UserError, match="evspsbl"):
        moisture_budget.budget_rain(daily)


def test_humidity_is_that_of_the_archive(hourly) -> None:
    """The IFS's own relative humidity, from specific humidity and temperature, above ground."""
    level = hourly["plev"]
    found = saturation.relative_humidity_percent(hourly["hus"], level, hourly["ta"])
    above = (level <= 7e4) & (hourly["hus"] > 5e-5)
    error = (found - hourly["hur"]).where(above)
    assert abs(float(error.mean())) < 0.2
    assert float(np.sqrt((error**2).mean())) < 1.0


def test_dew_point_is_below_temperature_and_that_of_the_air(hourly) -> None:
    """2 m dew point counts over water, and the vapour it tells fits the column above."""
    vapour = saturation.saturation_pressure_pa(hourly["d2m"])
    humidity = vapour / saturation.saturation_pressure_pa(hourly["t2m"])
    assert float(humidity.max()) < 1.005
    assert 100 < float(vapour.mean()) < 600
