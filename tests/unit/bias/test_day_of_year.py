"""Day numbers in any calendar, and means over windows around them."""

import numpy as np
import pytest
import xarray as xr

from downbench.bias.day_of_year import DAYS, day_numbers, near, windowed_mean


def times(start: str, end: str, calendar: str = "standard") -> xr.DataArray:
    stamps = xr.date_range(start, end, freq="D", calendar=calendar, use_cftime=True)
    return xr.DataArray(stamps, dims="time")


@pytest.mark.parametrize("calendar", ["standard", "noleap", "360_day"])
def test_the_first_of_march_is_the_same_day_in_every_calendar(calendar) -> None:
    march = times("2001-03-01", "2001-03-01", calendar)
    assert day_numbers(march, seasonal=True)[0] == 60


def test_29_february_has_a_day_of_its_own() -> None:
    around = times("2004-02-28", "2004-03-01")
    np.testing.assert_array_equal(day_numbers(around, seasonal=True), [58, 59, 60])


def test_a_leap_year_counts_through() -> None:
    np.testing.assert_array_equal(
        day_numbers(times("2004-01-01", "2004-12-31"), seasonal=True), np.arange(DAYS)
    )


def test_30_february_of_the_360_day_calendar_is_taken_as_the_29th() -> None:
    stamps = times("2001-02-29", "2001-02-30", "360_day")
    np.testing.assert_array_equal(day_numbers(stamps, seasonal=True), [59, 59])


def test_without_seasons_all_days_are_one() -> None:
    assert not day_numbers(times("2001-01-01", "2001-12-31"), seasonal=False).any()


def test_windows_reach_around_the_turn_of_the_year() -> None:
    found = np.flatnonzero(near(np.arange(DAYS), 2, 5))
    np.testing.assert_array_equal(found, [0, 1, 2, 3, 4, 5, 6, 7, 363, 364, 365])


def test_windowed_mean_is_the_pooled_mean_of_all_samples_in_reach() -> None:
    rng = np.random.default_rng(1)
    days = rng.integers(0, DAYS, 900)
    values = rng.normal(size=(900, 2, 3)).astype(np.float32)
    values[::7, 0, 0] = np.nan
    got = windowed_mean(values, days, 15)
    for day in (0, 100, 365):
        pooled = np.nanmean(values[near(days, day, 15)], axis=0)
        np.testing.assert_allclose(got[day], pooled, rtol=1e-5, atol=1e-6)


def test_windowed_mean_is_missing_where_no_sample_is_near() -> None:
    got = windowed_mean(np.ones((3, 1, 1), np.float32), np.array([0, 1, 2]), 15)
    assert np.isfinite(got[[0, 17, 351]]).all()
    assert np.isnan(got[18:351]).all()
