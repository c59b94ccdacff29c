"""Time stamps as numbers, whatever their calendar."""

import numpy as np
import xarray as xr

from downbench.core.constants import SECONDS_PER_DAY


def day_numbers(time: xr.DataArray) -> np.ndarray:
    """Return days since the first time stamp, (time,) float, for any calendar."""
    elapsed = time.values - time.values[:1]
    if np.issubdtype(elapsed.dtype, np.timedelta64):
        return elapsed / np.timedelta64(1, "D")
    return np.array([step.total_seconds() / SECONDS_PER_DAY for step in elapsed])
