"""Correlations in time, in space and between variables, from sums that years can be resampled by.

All are of departures from each cell's mean of the calendar month, so that no seasons are in them,
taken per member and pooled over cells before the ratio. Lag 1: days that follow each other (trap
T27). In space: a cell and those so many cells to its east and north on the same day. Rain with
temperature: Spearman's, of the ranks within a calendar month.
"""

import numpy as np
from scipy.stats import rankdata

from downbench.scores import pair_sums
from downbench.scores.climate.daily_series import Series

FEWEST_PAIRS = 2
REPLICATES_AT_ONCE = 50
"""More of them would be arrays of tens of megabytes, fetched from the system anew each time."""


def lag1(one: Series) -> np.ndarray:
    """Sums of days with the day before, (year, 6, y, x)."""
    values, made = anomalies(one), []
    for year in one.years:
        after = np.flatnonzero(one.follows & (one.year == year))
        made.append(sums(values[after - 1], values[after]))
    return np.stack(made)


def in_space(one: Series, cells: int) -> list[np.ndarray]:
    """Sums of fields with themselves moved by so many cells, along x and along y.

    Each (year, 6, y, x), less the cells that have no partner.
    """
    values = anomalies(one)
    along_x = values[..., cells:], values[..., :-cells]
    along_y = values[..., cells:, :], values[..., :-cells, :]
    return [_by_year(one, here, there) for here, there in (along_x, along_y)]


def between(one: Series, other: Series) -> np.ndarray:
    """Sums of the ranks of two variables of the same days, (year, 6, y, x)."""
    return _by_year(one, _ranks(one), _ranks(other))


def anomalies(one: Series) -> np.ndarray:
    """Departures (time, member, y, x) from the cell's mean of the calendar month."""
    made = np.empty_like(one.values)
    for month in np.unique(one.month):
        at = one.month == month
        values = one.values[at]
        there = np.isfinite(values)
        count = np.maximum(there.sum(axis=(0, 1)), 1)
        made[at] = values - np.where(there, values, 0).sum(axis=(0, 1)) / count
    return made


def _ranks(one: Series) -> np.ndarray:
    """Ranks within each calendar month, member and cell, about zero; missing stays missing."""
    ranks = np.empty_like(one.values)
    for month in np.unique(one.month):
        at = one.month == month
        cells = np.moveaxis(one.values[at], 0, -1).copy()  # days side by side are sorted faster
        ordered = rankdata(cells, axis=-1, nan_policy="omit")
        ranks[at] = np.moveaxis(ordered, -1, 0) / (at.sum() + 1) - 0.5
    return ranks


def _by_year(one: Series, here: np.ndarray, there: np.ndarray) -> np.ndarray:
    return np.stack([sums(here[one.year == y], there[one.year == y]) for y in one.years])


def sums(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Count and sums of a, b, a², b², ab over pairs (pair, member, y, x), (6, y, x)."""
    there = np.isfinite(one) & np.isfinite(other)
    a, b = (np.where(there, x, 0).astype(np.float64) for x in (one, other))
    return np.stack([part.sum(axis=(0, 1)) for part in (there, a, b, a * a, b * b, a * b)])


def correlation(found: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Correlation pooled over cells, of sums (year, 6, …) and draws (1 + replicates, year)."""
    flat = found.reshape(len(found), -1)
    parts = range(0, len(draws), REPLICATES_AT_ONCE)
    return np.concatenate([_drawn(flat, draws[i : i + REPLICATES_AT_ONCE]) for i in parts])


def _drawn(found: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Correlation of sums (year, 6 × cell), for few draws at a time."""
    drawn = np.moveaxis((draws @ found).reshape(len(draws), 6, -1), 1, 0)
    return pair_sums.correlation(drawn, 1.0, FEWEST_PAIRS)


def mean_correlation(found: list[np.ndarray], draws: np.ndarray) -> np.ndarray:
    """Mean of the correlations along x and y, (1 + replicates,)."""
    return np.mean([correlation(one, draws) for one in found], axis=0)
