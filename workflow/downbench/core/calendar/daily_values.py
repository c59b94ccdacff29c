"""Daily values from a series of steps: complete days, each with the steps that belong to it."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import xarray as xr

from downbench.core.errors import UserError

Statistic = Literal["sum", "mean", "max", "min"]
LISTED = 3
HOUR, DAY = np.timedelta64(1, "h"), np.timedelta64(1, "D")


def daily(
    steps: xr.DataArray,
    statistic: Statistic,
    days: np.ndarray,
    *,
    hours: int = 1,
    accumulated: bool = False,
    label: str = "",
) -> xr.DataArray:
    """Return one value per day, stamped with its start, lazily.

    Parameters
    ----------
    steps
        (time, …), at a fixed step; further times are left out.
    statistic
        What makes a day of its steps; a missing step makes a missing day.
    days
        Starts of the days, (day,) datetime64, in order.
    hours
        Step [h].
    accumulated
        Whether a value belongs to the interval that ends at its stamp: a day then has the stamps
        01 to 24 UTC, the last of them 00 UTC of the next day.
    label
        Dataset and part, for messages.

    Raises
    ------
    UserError
        When steps of these days are missing or occur twice.
    """
    days = days.astype("M8[ns]")
    shift = hours * HOUR if accumulated else 0 * HOUR
    starts = (days[:, None] + np.arange(0, 24, hours) * HOUR).ravel()
    moved = steps.assign_coords(time=steps["time"].values - shift)
    chosen = moved.isel(time=np.isin(moved["time"].values, starts))
    require_each(chosen["time"].values, starts, label)
    per_day = 24 // hours
    if per_day == 1:
        return chosen
    plain = chosen.drop_vars(["time", "expver"], errors="ignore")
    by_day = plain.coarsen(time=per_day).construct(time=("time", "step"))
    return getattr(by_day, statistic)("step", skipna=False).assign_coords(time=days)


def require_each(stamps: Sequence[np.datetime64], expected: np.ndarray, label: str) -> None:
    """Refuse times that are missing or occur twice.

    Raises
    ------
    UserError
        Naming the first of them.
    """
    unique, counts = np.unique(stamps, return_counts=True)
    for times, what, why in (
        (unique[counts > 1], "twice in the files", "the part is damaged"),
        (
            expected[~np.isin(expected, unique)],
            "not in the files",
            "the archive lacks them, or the part is damaged",
        ),
    ):
        if times.size:
            listing = ", ".join(str(time)[:16] for time in times[:LISTED])
            raise UserError(
                f"{label}: {times.size} of {expected.size} times are {what}, first {listing}: "
                f"{why}; leave out that year or fetch it again"
            )
