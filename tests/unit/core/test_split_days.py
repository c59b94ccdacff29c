"""Splits name years and events that the data have."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from downbench.core.calendar import split_days
from downbench.core.config.region.splits import Splits
from downbench.core.errors import UserError


def series(years: list[int], dims: tuple[str, str], **coords) -> xr.Dataset:
    times = pd.DatetimeIndex(np.concatenate([pd.date_range(f"{y}", f"{y}-03-31") for y in years]))
    field = (("time", *dims), np.zeros((len(times), 1, 1), "f4"))
    return xr.Dataset({"pr": field}, coords={"time": times, **coords})


def target(*years: int) -> xr.Dataset:
    return series(list(years), ("y", "x"))


def driver(*years: int) -> xr.Dataset:
    return series(list(years), ("Y", "X")).assign_attrs(driver="era5")


def options(**changed) -> Splits:
    lists = {"train": ["2001-2003"], "validation": [2004], "test": [2005], "buffer_days": 5}
    return Splits.model_validate({"by": "year", **lists, **changed})


EVERY = (2001, 2002, 2003, 2004, 2005)


def test_years_that_all_have_days_pass() -> None:
    split_days.require(target(*EVERY), driver(*EVERY), options(), 1, "alps")
    assert split_days.present(target(*EVERY), options(), "train", 1) == (2001, 2002, 2003)


@pytest.mark.parametrize(
    ("held", "words"),
    [
        ((2001, 2003, 2004, 2005), "splits.train names 2002, of which the target has no day; it "),
        ((2001, 2002, 2003, 2005), "splits.validation names 2004"),
        ((2001, 2002, 2003, 2004), "splits.test names 2005"),
    ],
)
def test_a_year_without_files_is_named(held, words) -> None:
    with pytest.raises(UserError, match=words):
        split_days.require(target(*held), driver(*EVERY), options(), 1, "alps")
    with pytest.raises(UserError, match="driver 'era5' has no day"):
        split_days.require(target(*EVERY), driver(*held), options(), 1, "alps")
    assert 2002 not in split_days.present(target(2001, 2003), options(), "train", 1)


def test_a_year_that_is_missing_all_along_is_named() -> None:
    empty = target(*EVERY)
    empty["pr"][empty.time.dt.year.values == 2004] = np.nan
    with pytest.raises(UserError, match="validation names 2004, of which the target has no value"):
        split_days.require(empty, driver(*EVERY), options(), 1, "alps")


def test_series_of_other_days_and_a_wide_buffer_leave_nothing() -> None:
    later = driver(*EVERY)
    later = later.assign_coords(time=later.time + np.timedelta64(150, "D"))
    with pytest.raises(UserError, match="splits.train: target and driver have no day in common"):
        split_days.require(target(*EVERY), later, options(), 1, "alps")
    with pytest.raises(UserError, match="splits.test: every day is within buffer_days = 400"):
        split_days.require(target(*EVERY), driver(*EVERY), options(buffer_days=400), 1, "alps")


def test_short_years_are_listed() -> None:
    complete = target(*EVERY)
    short = complete.isel(
        time=np.flatnonzero((complete.time.dt.year < 2005) | (complete.time.dt.month < 2))
    )
    assert split_days.short_years(short, options(), 1) == ["2005 (31 of 91 days)"]


def test_a_mistyped_event_is_named_with_those_there_are() -> None:
    def of_events(dims: tuple[str, str]) -> xr.Dataset:
        dataset = series([2001], dims)
        names = np.repeat(["a-1", "b-1", "c-1"], [30, 30, 30])
        return dataset.assign_coords(event=("time", names[: dataset.sizes["time"]]))

    events = {"by": "event", "train": ["a-1"], "validation": ["b-1"], "test": ["d-1"]}
    with pytest.raises(UserError, match="test names d-1, .* it has a-1, b-1, c-1") as message:
        split_days.require(
            of_events(("y", "x")), of_events(("Y", "X")), options(**events), 1, "radar"
        )
    assert "config/regions/radar.yaml" in str(message.value)
