"""The part of a series around some days, so that no other is read."""

import numpy as np
import xarray as xr

from downbench.core.calendar.dates import calendar_of
from downbench.core.errors import UserError


class AbsentDaysError(UserError):
    """None of the days that are needed is in a file."""


def days_nearby(field: xr.DataArray, days: np.ndarray, label: str) -> xr.DataArray:
    """Return the times within a day of those that are needed, lazily.

    Parameters
    ----------
    field
        With dates as `time`, at any hour of their day.
    days : (time,)
        Times that are needed; dates of other calendars than today's leave the field as it is.
    label
        File and variable, for messages.

    Raises
    ------
    UserError
        When the calendars differ; an `AbsentDaysError` when no time is near.
    """
    stamps = field["time"].values
    calendars = [calendar_of(time) for time in (field["time"], xr.DataArray(days, dims="time"))]
    if calendars[0] != calendars[1]:
        raise UserError(
            f"{label}: its calendar '{calendars[0]}' is not '{calendars[1]}', that of the scored "
            "days: convert it, no day can be paired"
        )
    if not {stamps.dtype.kind, days.dtype.kind} <= {"M"}:
        return field
    of_day = days.astype("datetime64[D]") + np.timedelta64(1, "D") * np.array([[-1], [0], [1]])
    near = np.flatnonzero(np.isin(stamps.astype("datetime64[D]"), of_day))
    if not near.size:
        raise AbsentDaysError(
            f"{label}: none of the {days.size} scored days, {_span(days)}, is there: it has "
            f"{_span(stamps)}: give it these days"
        )
    return field.isel(time=near)


def _span(times: np.ndarray) -> str:
    return f"{str(times.min())[:10]} to {str(times.max())[:10]}"
