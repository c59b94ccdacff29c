"""Decodes the time axis of a file: CF units, dates as numbers, and calendars that are one."""

import re
from collections.abc import Iterator

import cftime
import numpy as np
import xarray as xr

from downbench.core.calendar.dates import STANDARD
from downbench.core.errors import UserError

CALENDARS = {"360": "360_day", "365": "noleap", "365_days": "noleap", "360_days": "360_day"}
DATES_AS_NUMBERS = re.compile(r"as\s+%Y%m%d", re.IGNORECASE)
UNEVEN_UNITS = re.compile(r"\s*(common_)?(month|year)s?\b", re.IGNORECASE)
SAME_DATES = (np.datetime64("1900-03-01"), np.datetime64("2100-02-28"))
"""Between these days a date of the Julian calendar counts on like one of the standard calendar."""

BOUNDS = ("time_bnds", "time_bounds", "valid_time_bnds", "climatology_bnds")
"""Names of bounds that the time axis may fail to name."""

START, END = "time_start", "time_end"
"""Coordinates that hold the bounds of each time."""


def decoded(field: xr.DataArray, dataset: xr.Dataset, label: str) -> xr.DataArray:
    """Return the field with dates as its time axis, and their bounds if the file has some.

    Parameters
    ----------
    field
        With an axis `time` that holds the numbers of the file.
    dataset
        The file, which may hold the variable that the axis names as its `bounds`.
    label
        File and variable, for messages.

    Returns
    -------
    xr.DataArray
        `time` as numpy dates, or as cftime dates of another calendar. Bounds are the coordinates
        `time_start` and `time_end` on time.

    Raises
    ------
    UserError
        When a time is missing, or the numbers cannot be decoded to dates.
    """
    time = field["time"].variable
    if not time.size:
        raise UserError(f"{label}: the file has no times: download it again")
    dates = _dates(time, time.attrs, label)
    coordinates = {"time": ("time", dates)}
    name = time.attrs.get("bounds", time.attrs.get("climatology"))
    if name and name not in dataset.variables:
        print(f"{label}: the file lacks the time bounds '{name}'; days are those of the stamps")
    name = next((n for n in (name, *BOUNDS) if n in dataset.variables), None)
    bounds = dataset.variables.get(name)
    if bounds is not None and bounds.ndim == 2 and bounds.shape == (time.size, 2):
        attributes = {**time.attrs, **bounds.attrs}
        ends = (_dates(bounds[:, i], attributes, f"{label}: {name}") for i in (0, 1))
        coordinates |= {end: ("time", d) for end, d in zip((START, END), ends, strict=True)}
    return field.assign_coords(coordinates)


def _dates(time: xr.Variable, attributes: dict, label: str) -> np.ndarray:
    """Return numpy or cftime dates, (time,)."""
    if time.dtype.kind == "M":
        return _complete(time.values, np.isnat(time.values), label)
    units = str(attributes.get("units", ""))
    if time.dtype.kind not in "fiu" or not units:
        raise UserError(
            f"{label}: time is not decoded to dates, it has values such as {time.values[0]} and "
            f"the units '{units}': give it CF units and a calendar"
        )
    numbers = _complete(time.values, ~np.isfinite(time.values.astype(float)), label)
    calendar = str(attributes.get("calendar", "standard")).lower()
    calendar = CALENDARS.get(calendar, calendar)
    if DATES_AS_NUMBERS.search(units):
        return _of_dates_as_numbers(numbers, calendar, label)
    return _of_cf(numbers, units, calendar, label)


def _complete(values: np.ndarray, missing: np.ndarray, label: str) -> np.ndarray:
    if missing.any():
        raise UserError(
            f"{label}: {int(missing.sum())} of {missing.size} times are missing, the first at "
            f"position {int(np.argmax(missing))}: give every step its time, or leave it out"
        )
    return values


def _of_cf(numbers: np.ndarray, units: str, calendar: str, label: str) -> np.ndarray:
    """Decode "days since …" of any calendar."""
    if UNEVEN_UNITS.match(units):
        raise UserError(
            f"{label}: time counts '{units}', which are not of one length: count days since a "
            "date (and a region of days needs a value for each day)"
        )
    coded = xr.Variable("time", numbers, {"units": units, "calendar": calendar})
    try:
        dates = xr.coders.CFDatetimeCoder().decode(coded).values
    except (ValueError, OverflowError, TypeError, AttributeError) as error:
        raise UserError(
            f"{label}: its times cannot be decoded (units '{units}', calendar '{calendar}': "
            f"{error}): write them again in CF units, such as 'days since 1970-01-01'"
        ) from None
    if dates.dtype.kind == "M":
        _complete(dates, np.isnat(dates), label)
    return _of_standard_calendar(dates, units, label) if calendar == "julian" else dates


def _of_standard_calendar(dates: np.ndarray, units: str, label: str) -> np.ndarray:
    """Return dates of the Julian calendar as the same dates of the standard calendar.

    Satellite products name the Julian calendar and mean today's dates. That is safe where neither
    the dates nor the origin of their units lie beyond a leap day that only one calendar has.
    """
    origin = re.search(r"since\s+(\d+-\d+-\d+)", units)
    first = np.datetime64("-".join(f"{int(n):02d}" for n in origin[1].split("-")))
    same = np.array([np.datetime64(date.isoformat()) for date in dates], "datetime64[ns]")
    if not all(SAME_DATES[0] <= day <= SAME_DATES[1] for day in (first, same.min(), same.max())):
        raise UserError(
            f"{label}: times are of the calendar 'julian' and count '{units}', so their dates of "
            "today are in doubt: set the calendar to 'standard', or count from a date after 1900"
        )
    return same


def _of_dates_as_numbers(numbers: np.ndarray, calendar: str, label: str) -> np.ndarray:
    """Decode numbers such as 20030131.5, which is noon of that day."""
    days = np.floor(numbers).astype(np.int64)
    seconds = np.round((numbers - days) * 86400).astype(np.int64)
    try:
        dates = list(_calendar_dates(days, seconds, calendar))
    except ValueError as error:
        raise UserError(
            f"{label}: its times cannot be decoded as %Y%m%d, such as {numbers[0]:.12g} "
            f"({error}): write them again in CF units, such as 'days since 1970-01-01'"
        ) from None
    if calendar in STANDARD:
        return np.array([np.datetime64(date.isoformat()) for date in dates], "datetime64[ns]")
    return np.array(dates, object)


def _calendar_dates(
    days: np.ndarray, seconds: np.ndarray, calendar: str
) -> Iterator[cftime.datetime]:
    for day, second in zip(days.tolist(), seconds.tolist(), strict=True):
        year, month, number = day // 10000, day // 100 % 100, day % 100
        clock = (second // 3600, second // 60 % 60, second % 60)
        yield cftime.datetime(year, month, number, *clock, calendar=calendar)
