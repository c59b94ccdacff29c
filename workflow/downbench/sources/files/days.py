"""The day that each daily value belongs to, and a check that the values are daily at all."""

import numpy as np
import xarray as xr

from downbench.core.calendar.dates import day_numbers
from downbench.core.errors import UserError
from downbench.sources.files.times import END, START

DAYS = (0.75, 1.5)
"""A value stands for a day if its interval [days], or the usual step in time, lies in here."""

MONTH, YEAR = (27.5, 31.5), (359.0, 367.0)
LISTED = 3


class SubDailyError(UserError):
    """Values of a daily series stand for less than a day."""


def stamped(field: xr.DataArray, daily: bool, label: str) -> xr.DataArray:
    """Return the field in order of time, each time once; daily values at the start of their day.

    The day is that of the middle of the time bounds, else of the time stamp, rounded to the
    second.

    Parameters
    ----------
    field
        With dates as `time`, and bounds as `times.decoded` returns them.
    daily
        Does a value stand for a day?
    label
        File and variable, for messages.

    Raises
    ------
    UserError
        When values of a daily series stand for less or more than a day, when bounds do not hold
        their time stamp, or when a time occurs twice.
    """
    dates = _days(field, label) if daily else _rounded(field["time"].values)
    bare = field.drop_vars([name for name in (START, END) if name in field.coords])
    ordered = bare.assign_coords(time=dates).sortby("time")
    stamps = ordered["time"].values
    repeated = stamps[1:][stamps[1:] == stamps[:-1]]
    if repeated.size:
        listing = ", ".join(str(stamp)[:19] for stamp in repeated[:LISTED])
        raise UserError(
            f"{label}: {repeated.size} time stamps occur twice, first {listing}: keep one of each"
        )
    return ordered


def _days(field: xr.DataArray, label: str) -> np.ndarray:
    stamps = _rounded(field["time"].values)
    has_bounds = START in field.coords
    start, end = (_rounded(field[n].values) for n in (START, END)) if has_bounds else [stamps] * 2
    if not has_bounds or ((start == end).all() and (start == stamps).all()):  # of an instant
        _require_daily_steps(stamps, field, label)
        return _noted(_floor(stamps), stamps, label)
    _require_bounds(stamps, start, end, label)
    return _noted(_floor(start + (end - start) / 2), stamps, label)


def _rounded(stamps: np.ndarray) -> np.ndarray:
    """Round to the second: sums of hours in floats may miss midnight by a microsecond.

    Stamps of which every one lies just before midnight are the ends of days and stay there.
    """
    if stamps.dtype.kind == "O" and not any(stamp.microsecond for stamp in stamps):
        return stamps  # rounding cftime dates takes a quarter of a millisecond for each
    times = xr.DataArray(stamps, dims="time", coords={"time": stamps})["time"]
    rounded, floor = times.dt.round("s"), times.dt.floor("s")
    ends_of_days = (rounded != floor) & (rounded.dt.floor("D") == rounded)
    return (floor if bool(ends_of_days.all()) else rounded).values


def _floor(stamps: np.ndarray) -> np.ndarray:
    if stamps.dtype.kind == "O" and not any(
        stamp.hour or stamp.minute or stamp.second or stamp.microsecond for stamp in stamps
    ):
        return stamps
    return xr.DataArray(stamps, dims="time", coords={"time": stamps})["time"].dt.floor("D").values


def _require_bounds(stamps: np.ndarray, start: np.ndarray, end: np.ndarray, label: str) -> None:
    outside = (stamps < start) | (stamps > end) | (end <= start)
    if outside.any():
        i = int(np.argmax(outside))
        raise UserError(
            f"{label}: the time bounds {str(start[i])[:19]} to {str(end[i])[:19]} do not hold "
            f"their time {str(stamps[i])[:19]}: correct them, or remove the attribute `bounds`"
        )
    length = float(np.median(_as_days(end - start)))
    if not DAYS[0] <= length <= DAYS[1]:
        raise _not_daily(f"a value stands for {length:.4g} days by its time bounds", length, label)


def _require_daily_steps(stamps: np.ndarray, field: xr.DataArray, label: str) -> None:
    ordered = np.unique(stamps)
    if ordered.size < 2:
        return
    step = float(np.median(np.diff(day_numbers(xr.DataArray(ordered, dims="time")))))
    # Days that are years apart are single days.
    if not DAYS[0] <= step <= DAYS[1] and step <= YEAR[1]:
        text = f"{24 * step:.3g} h" if step < 1 else f"{step:.4g} days"
        raise _not_daily(f"its time stamps are {text} apart", step, label)
    # Tools that add up hours to days note it as a cell method.
    is_hour = field.attrs.get("GRIB_stepType") == "accum" and "cell_methods" not in field.attrs
    if is_hour and (_floor(ordered) != ordered).all():
        raise UserError(
            f"{label}: GRIB_stepType is 'accum', and the only stamp of a day is at "
            f"{str(ordered[0])[11:19]}: that is the sum of one hour. Get all 24 hours and add "
            "them up to days; of a sum of 24 hours, remove the attribute"
        )


def _not_daily(what: str, days: float, label: str) -> UserError:
    kind = "hourly or sub-daily values" if days < 1 else "values of several days"
    kind = "monthly values" if MONTH[0] <= days <= MONTH[1] else kind
    kind = "yearly values" if YEAR[0] <= days <= YEAR[1] else kind
    kind = "a climatology" if days > YEAR[1] else kind
    fix = (
        "make daily values first: sums of rain, maxima for tasmax, means of the rest"
        if days < 1
        else "get the daily values"
    )
    error = SubDailyError if days < 1 else UserError
    return error(f"{label}: {what}: {kind} in a region of days: {fix}")


def _as_days(lengths: np.ndarray) -> np.ndarray:
    if lengths.dtype.kind == "m":
        return lengths / np.timedelta64(1, "D")
    return np.array([length.total_seconds() / 86400 for length in lengths])


def _noted(days: np.ndarray, stamps: np.ndarray, label: str) -> np.ndarray:
    """Report stamps that are not the start of the day they are taken for."""
    moved = np.flatnonzero(stamps != days)
    if moved.size:
        stamp, day = (str(times[moved[0]]) for times in (stamps, days))
        print(
            f"{label}: {moved.size} of {stamps.size} time stamps are not the start of their day: "
            f"{stamp[:19]}, say, is taken for {day[:10]}"
        )
    return days
