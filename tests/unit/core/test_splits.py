"""Whole years, buffers, events, and the guard of fitted years (traps T9–T11, T27)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from downbench.core.calendar import splits
from downbench.core.constants import SPLITS
from downbench.core.errors import UserError


def daily(first: str, last: str) -> xr.Dataset:
    return xr.Dataset(coords={"time": pd.date_range(first, last)})


def years(**given) -> SimpleNamespace:
    nothing = {
        "by": "year",
        "train": [],
        "validation": [],
        "test": [],
        "warm": [],
        "buffer_days": 10,
    }
    return SimpleNamespace(**nothing | given)


def test_a_winter_is_named_by_its_january():
    time = xr.DataArray(pd.to_datetime(["1990-12-01", "1991-01-15", "1991-02-28"]), dims="time")
    assert list(splits.year_labels(time, 12)) == [1991, 1991, 1991]


def test_calendar_years_start_in_january():
    time = xr.DataArray(pd.to_datetime(["1990-12-31", "1991-01-01"]), dims="time")
    assert list(splits.year_labels(time, 1)) == [1990, 1991]


def test_training_gives_way_to_what_is_held_out():
    data = daily("2000-01-01", "2003-12-31")
    chosen = splits.select(data, years(train=[2000, 2001], test=[2002]), "train")
    assert chosen.time.values[-1] == np.datetime64("2001-12-21")
    tested = splits.select(data, years(train=[2000, 2001], test=[2002]), "test")
    assert tested.sizes["time"] == 365


def test_no_two_splits_come_closer_than_the_buffer():
    data = daily("2000-01-01", "2005-12-31")
    given = years(train=[2000, 2004, 2005], validation=[2001], test=[2002], warm=[2003])
    parts = {name: splits.select(data, given, name).time.values for name in SPLITS}
    for one in SPLITS:
        for other in SPLITS:
            if one < other:
                gap = np.abs(parts[one][:, None] - parts[other][None, :]).min()
                assert gap > np.timedelta64(10, "D"), (one, other)


def test_events_are_split_whole_without_buffer():
    data = daily("2016-01-01", "2016-01-06").assign_coords(event=("time", list("aabbcc")))
    given = years(by="event", train=["a", "c"], test=["b"])
    assert list(splits.select(data, given, "train").event.values) == ["a", "a", "c", "c"]


def test_events_without_names_are_an_error():
    with pytest.raises(UserError, match="no coordinate event"):
        splits.select(daily("2016-01-01", "2016-01-06"), years(by="event"), "train")


def test_scoring_fitted_years_is_refused():
    with pytest.raises(UserError, match="bcsd was fitted on 2001, 2002 and must not be scored"):
        splits.assert_disjoint([2000, 2001, 2002], ["2001", "2002", "2003"], "bcsd")
    splits.assert_disjoint([2000], [2001], "bcsd")
