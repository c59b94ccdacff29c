"""Time stamps of files: none is missing, and dates of today are on one calendar."""

from typing import TypeVar

import numpy as np
import xarray as xr

from downbench.core.errors import UserError

X = TypeVar("X", xr.DataArray, xr.Dataset)

STANDARD = "proleptic_gregorian"
SAME_DATES = ("standard", "gregorian", "proleptic_gregorian", "julian")
"""Calendars with the same leap years from 1901 to 2099: a file that names another of them means
the same dates."""
SAME_FROM, SAME_UNTIL = 1901, 2099


def dated(series: X, label: str) -> X:
    """Return a series (time, …) whose stamps are all there, with dates as datetime64 if possible.

    Dates of the Julian and the mixed calendar between 1901 and 2099 are those of today's. Other
    calendars keep their own dates.

    Raises
    ------
    UserError
        When stamps are missing, or Julian dates outside these years have no equal.
    """
    missing = int(np.asarray(series["time"].isnull()).sum())
    if missing:
        raise UserError(
            f"{label}: {missing} of {series.sizes['time']} time stamps are missing (NaT): give "
            "each value its date, or remove these values from the file"
        )
    if series["time"].dtype != object or not series.sizes["time"]:
        return series
    calendar = series["time"].dt.calendar
    if calendar not in SAME_DATES:
        return series
    years = series["time"].dt.year.values
    if years.min() < SAME_FROM or years.max() > SAME_UNTIL:
        raise UserError(
            f"{label}: dates of {years.min()} to {years.max()} on the calendar '{calendar}' are "
            f"not those of '{STANDARD}': cut the file to {SAME_FROM}–{SAME_UNTIL}"
        )
    return series.convert_calendar(STANDARD, use_cftime=False)


def calendar_of(time: xr.DataArray) -> str:
    """Return the name of the calendar; today's, whatever a file calls it, is `standard`."""
    calendar = str(time.dt.calendar)
    return "standard" if calendar in SAME_DATES else calendar
