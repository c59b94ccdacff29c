"""A split without days to sample is told, with split, driver and region."""

from pathlib import Path

import pytest

import tiny_pairs
from downbench.core.errors import UserError
from downbench.steps import sample
from synthetic_region import whole_region

NONE = "region synthetic, driver gcm-future, split warm: nothing to sample:"


def told(driver):
    with pytest.raises(UserError) as error:
        sample._of_split(driver, whole_region(), "gcm-future", "warm")
    return str(error.value)


def test_a_driver_without_common_times_is_told():
    nothing = tiny_pairs.target().isel(time=slice(0))
    assert told(nothing).startswith(f"{NONE} the driver has no time in common with the target")


def test_a_split_without_days_is_told():
    message = told(tiny_pairs.target().sel(time="2005"))
    assert message.startswith(f"{NONE} no time of the driver lies in splits.warm = [2011, 2012")


def test_the_days_of_the_split_are_taken():
    days = sample._of_split(tiny_pairs.target(), whole_region(), "perfect", "validation")
    assert set(days["time"].dt.year.values) == {2004, 2005}


def test_members_drawn_already_are_taken_by_their_times():
    source = tiny_pairs.target()
    part = source["time"][5:8]
    assert sample._of_times(source, part, Path("E.zarr"))["time"].equals(part)


def test_a_store_that_lacks_a_time_is_told():
    source = tiny_pairs.target()
    with pytest.raises(UserError, match="E.zarr: not all times .* same budget"):
        sample._of_times(source.isel(time=slice(10)), source["time"][5:20], Path("E.zarr"))
