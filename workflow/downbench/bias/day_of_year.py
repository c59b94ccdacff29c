"""Windows around the day of the year, in any calendar and for regions without seasons.

A day is numbered by its month and day in a leap year (0 … 365), so that 1 March is the same day
in every year and calendar (trap T17). A region that is split by event has no season: all its
samples share day 0.
"""

import numpy as np
import xarray as xr

DAYS = 366
_MONTH_STARTS = np.cumsum([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30])
_MONTH_LENGTHS = np.array([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def day_numbers(time: xr.DataArray, seasonal: bool) -> np.ndarray:
    """Return the day of the leap year, (time,) int in 0 … 365; all zero where `seasonal` is false.

    The 30 February of a 360-day calendar counts as 29 February.
    """
    if not seasonal:
        return np.zeros(time.size, int)
    month, day = time.dt.month.values - 1, time.dt.day.values - 1
    return _MONTH_STARTS[month] + np.minimum(day, _MONTH_LENGTHS[month] - 1)


def near(days: np.ndarray, day: int, half_window: int) -> np.ndarray:
    """Return which times are within `half_window` days of `day`, across the new year too."""
    distance = np.abs(days - day)
    return np.minimum(distance, DAYS - distance) <= half_window


def windowed_mean(values: np.ndarray, days: np.ndarray, half_window: int) -> np.ndarray:
    """Return the mean over all samples within `half_window` days of each day of the year.

    Parameters
    ----------
    values : (time, …)
        Any unit; NaN is left out.
    days : (time,)
        Day numbers 0 … 365.
    half_window
        Days on either side [days].

    Returns
    -------
    (366, …)
        In the unit of `values`, float32; NaN if no sample is in the window.
    """
    present = np.unique(days)
    total = np.zeros((DAYS, *values.shape[1:]))
    count = np.zeros_like(total)
    for day in present:
        of_day = values[days == day]
        total[day] = np.nansum(of_day, axis=0, dtype=np.float64)
        count[day] = np.isfinite(of_day).sum(axis=0)
    window = np.array([near(present, day, half_window) for day in range(DAYS)], float)
    total, count = (np.tensordot(window, part[present], axes=1) for part in (total, count))
    with np.errstate(invalid="ignore"):
        return np.where(count > 0, total / count, np.nan).astype(np.float32)
