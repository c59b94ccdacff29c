"""Dates of many years are compared in linear time, whatever their calendar."""

import time

import numpy as np
import pytest
import xarray as xr

from downbench.core.errors import UserError
from downbench.sources.files import common_times


def series(name: str, start: str, days: int = 5_000) -> xr.DataArray:
    dates = xr.date_range(start, periods=days, calendar="noleap", use_cftime=True)
    return xr.DataArray(np.zeros(days), {"time": dates}, "time", name)


def test_decades_of_another_calendar_take_moments() -> None:
    start = time.process_time()
    merged = common_times.merged(
        {"pr": series("pr", "1950-01-01"), "tas": series("tas", "1951-01-01")}, "here"
    )
    assert merged.sizes["time"] == 5_000 - 365
    assert time.process_time() - start < 3  # each with each: ten seconds


def test_series_of_different_decades_are_refused() -> None:
    with pytest.raises(UserError, match="no time in common"):
        common_times.merged(
            {"pr": series("pr", "1950-01-01", 30), "tas": series("tas", "1990-01-01", 30)}, "here"
        )
