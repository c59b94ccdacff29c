"""Whole months of whole years that stand for a run."""

import numpy as np
import pytest
import xarray as xr

from downbench.core.calendar.whole_months import whole_months


def time(first: str, last: str, calendar: str = "standard") -> xr.DataArray:
    use_cftime = calendar != "standard"
    stamps = xr.date_range(first, last, calendar=calendar, use_cftime=use_cftime)
    return xr.DataArray(stamps, dims="time", coords={"time": stamps})


@pytest.mark.parametrize("calendar", ["standard", "noleap", "360_day"])
def test_months_and_years_are_spread_evenly_and_never_cut(calendar):
    days = time("1981-01-01", "2000-12-30", calendar)
    chosen = days[whole_months(days, 1, 4, 3)]
    assert set(chosen.dt.month.values) == {3, 7, 11}
    assert sorted(set(chosen.dt.year.values)) == [1983, 1988, 1993, 1998]
    length = 90 if calendar == "360_day" else 92
    assert chosen.size == 4 * length


def test_a_winter_is_taken_whole_and_a_cut_one_left_out():
    days = time("1982-12-01", "1990-12-31")
    days = days[days.dt.month.isin([12, 1, 2])]
    chosen = days[whole_months(days, 12, 2, 3)]
    assert set(chosen.dt.month.values) == {12, 1, 2}
    assert chosen.size == 180 and (np.diff(chosen.values)[:89] == np.timedelta64(1, "D")).all()
    every = days[whole_months(days, 12, None, None)]
    assert str(every.values[-1])[:10] == "1990-02-28"  # December 1990 has no January


def test_all_of_them_where_more_are_asked_for_than_there_are():
    days = time("2001-01-01", "2003-12-31")
    assert whole_months(days, 1, 50, 20).size == days.size
