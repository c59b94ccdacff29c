"""Time stamps as numbers, whatever their calendar."""

import numpy as np
import xarray as xr

from downbench.core.constants import SECONDS_PER_DAY

STANDARD = ("standard", "gregorian", "proleptic_gregorian")
"""Names of today's calendar."""


def calendar_of(time: xr.DataArray) -> str:
    """Return the name of the calendar; today's is `standard`, whatever a file calls it."""
    calendar = str(time.dt.calendar)
    return STANDARD[0] if calendar in STANDARD else calendar


def day_numbers(time: xr.DataArray) -> np.ndarray:
    """Return days since the first time stamp, (time,) float, for any calendar."""
    elapsed = time.values - time.values[:1]
    if np.issubdtype(elapsed.dtype, np.timedelta64):
        return elapsed / np.timedelta64(1, "D")
    return np.array([step.total_seconds() / SECONDS_PER_DAY for step in elapsed])
