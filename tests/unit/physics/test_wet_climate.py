"""Climate by cell and time of the year: means, interpolation, short seasons."""

import cftime
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from downbench.physics.wet_climate import climate, day_weights, on_days


def record(time: pd.DatetimeIndex) -> xr.Dataset:
    """Temperature with a cycle, and rain of 4 to 8 mm on every third day."""
    year = np.cos(2 * np.pi * (time.day_of_year.values - 200) / 365.25)
    place = np.array([[0.0, 3.0]])
    warm = 285 + 10 * year[:, None, None] + place
    rain = np.where(np.arange(time.size) % 3 == 0, 6 + 2 * year, 0)[:, None, None] + 0 * place
    dims = ("time", "y", "x")
    return xr.Dataset({"pr": (dims, rain), "tas": (dims, warm)}, {"time": time})


def test_anomalies_lose_the_cycle_and_the_place() -> None:
    time = pd.date_range("1991-01-01", "1998-12-31")
    data = record(time)
    found = climate(data, "tas", 0.1, 12)
    weights = day_weights(data["time"], 12)
    anomaly = data["tas"].values - on_days(found.temperature, weights)
    assert np.abs(anomaly).max() < 0.5
    np.testing.assert_allclose(on_days(found.rain, weights)[::3], data["pr"][::3], rtol=0.03)


def test_weights_are_a_mean_and_right_in_the_middle_of_a_part() -> None:
    time = xr.DataArray(pd.date_range("2001-01-01", periods=365), dims="time")
    for parts in (1, 4, 12):
        np.testing.assert_allclose(day_weights(time, parts).sum(axis=1), 1, atol=1e-9)
    middle = day_weights(time, 12)[15]
    assert middle[0] == pytest.approx(1, abs=0.02)
    new_year = day_weights(time, 12)[0]
    assert new_year[11] == pytest.approx(0.5, abs=0.02) == new_year[0]


def test_a_record_of_winters_uses_its_months_alone() -> None:
    time = pd.date_range("1991-01-01", "1994-12-31")
    data = record(time[time.month.isin([12, 1, 2])])
    found = climate(data, "tas", 0.1, 12)
    assert np.isnan(found.temperature[4]).all()
    usual = on_days(found.temperature, day_weights(data["time"], 12))
    assert np.isfinite(usual).all()
    assert np.abs(data["tas"].values - usual).max() < 3


def test_missing_values_and_dry_days_count_nothing() -> None:
    data = record(pd.date_range("1991-01-01", "1991-12-31"))
    wanted = climate(data, "tas", 0.1, 4)
    data["tas"][::2] = np.nan
    data["pr"][1::3] = np.nan
    found = climate(data, "tas", 0.1, 4)
    np.testing.assert_allclose(found.rain, wanted.rain)
    np.testing.assert_allclose(found.temperature, wanted.temperature, atol=0.2)


def test_other_calendars_have_years_too() -> None:
    days = [cftime.Datetime360Day(2001, month, 15) for month in range(1, 13)]
    weights = day_weights(xr.DataArray(days, dims="time"), 12)
    np.testing.assert_allclose(weights.argmax(axis=1), np.arange(12))
