"""Days that represent a long series: whole months of whole years, or spells of days."""

import numpy as np
import xarray as xr

from downbench.core.calendar.splits import year_labels

LEAST_WHOLE = 0.9
"""A year is complete with at least this share of the days of the longest one."""


def whole_months(
    time: xr.DataArray, start_month: int, years: int | None, months: int | None
) -> np.ndarray:
    """Return the indices of the times in some months of some years, both spread evenly.

    Parameters
    ----------
    time : (time,)
        Increasing stamps of any calendar.
    start_month
        Month in which a year begins; 12 keeps a winter in one piece (trap T27).
    years, months
        How many to take; None, or more than there are, takes all. Years that are not whole, such
        as the first and last of a series of winters, are left out.

    Returns
    -------
    (days,) int
        In increasing order; a month is never cut, so spells inside it are those of the run.
    """
    labels, month = year_labels(time, start_month), time.dt.month.values
    kept = _evenly(_whole_years(labels), years)
    season = np.unique((month - start_month) % 12)
    months_taken = (_evenly(season, months) + start_month - 1) % 12 + 1

    return np.flatnonzero(np.isin(labels, kept) & np.isin(month, months_taken))


def _whole_years(labels: np.ndarray) -> np.ndarray:
    years, days = np.unique(labels, return_counts=True)
    return years[days >= LEAST_WHOLE * days.max(initial=0)]


def _evenly(values: np.ndarray, count: int | None) -> np.ndarray:
    """Return the middles of `count` parts of equal length."""
    if count is None or count >= values.size:
        return values
    return values[((np.arange(count) + 0.5) * values.size / count).astype(int)]


def spells(times: int, count: int, length: int | None) -> np.ndarray:
    """Return the indices of `count` spells of `length` consecutive times, spread evenly.

    All of range(times) if `length` is None or the spells would cover it. Spells keep neighbouring
    days together, so that day-to-day correlation can be scored.
    """
    if length is None or count * length >= times:
        return np.arange(times)
    starts = np.linspace(0, times - length, count).round().astype(int)
    return (starts[:, None] + np.arange(length)).ravel()
