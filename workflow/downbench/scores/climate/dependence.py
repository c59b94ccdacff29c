"""Correlations in time, in space and between variables, from sums by year that can be resampled.

All are of departures from the mean of each cell and calendar month, which removes the seasonal
cycle, taken per member and pooled over cells before the ratio. Lag 1: consecutive days (trap
T27). Spatial: a cell and those a fixed number of cells to its east and north on the same day.
Rain with temperature: Spearman's, of the ranks within a calendar month.
"""

import numpy as np
from scipy.stats import rankdata

from downbench.scores import pair_sums
from downbench.scores.climate.daily_series import DailySeries

FEWEST_PAIRS = 2
REPLICATES_AT_ONCE = 50
"""More would need arrays of tens of megabytes, which are allocated anew each time."""


def lag1(series: DailySeries) -> np.ndarray:
    """Return sums over pairs of a day and the day before, (year, 6, y, x)."""
    values, yearly = anomalies(series), []
    for year in series.years:
        second = np.flatnonzero(series.follows & (series.year == year))
        yearly.append(sums(values[second - 1], values[second]))
    return np.stack(yearly)


def spatial(series: DailySeries, cells: int) -> list[np.ndarray]:
    """Return sums over pairs of cells that are `cells` apart along x, and along y.

    Each (year, 6, y, x), without the cells that have no partner.
    """
    values = anomalies(series)
    along_x = values[..., cells:], values[..., :-cells]
    along_y = values[..., cells:, :], values[..., :-cells, :]
    return [_by_year(series, *pair) for pair in (along_x, along_y)]


def rank_sums(first: DailySeries, second: DailySeries) -> np.ndarray:
    """Return sums over pairs of the ranks of two variables on the same day, (year, 6, y, x)."""
    return _by_year(first, _ranks(first), _ranks(second))


def anomalies(series: DailySeries) -> np.ndarray:
    """Return departures (time, member, y, x) from the mean of each cell and calendar month."""
    departures = np.empty_like(series.values)
    for month in np.unique(series.month):
        days = series.month == month
        values = series.values[days]
        valid = np.isfinite(values)
        count = np.maximum(valid.sum(axis=(0, 1)), 1)
        departures[days] = values - np.where(valid, values, 0).sum(axis=(0, 1)) / count
    return departures


def _ranks(series: DailySeries) -> np.ndarray:
    """Return centred ranks within each calendar month, member and cell; NaN stays NaN."""
    ranks = np.empty_like(series.values)
    for month in np.unique(series.month):
        days = series.month == month
        # Days along the last axis are contiguous in memory and sorted faster.
        cells = np.moveaxis(series.values[days], 0, -1).copy()
        ordered = rankdata(cells, axis=-1, nan_policy="omit")
        ranks[days] = np.moveaxis(ordered, -1, 0) / (days.sum() + 1) - 0.5
    return ranks


def _by_year(series: DailySeries, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    masks = (series.year == year for year in series.years)
    return np.stack([sums(first[mask], second[mask]) for mask in masks])


def sums(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Count and sum a, b, a², b², ab over pairs (pair, member, y, x), (6, y, x)."""
    valid = np.isfinite(first) & np.isfinite(second)
    a, b = (np.where(valid, x, 0).astype(np.float64) for x in (first, second))
    return np.stack([part.sum(axis=(0, 1)) for part in (valid, a, b, a * a, b * b, a * b)])


def correlation(yearly: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return the correlation pooled over cells, (1 + replicates,).

    Parameters
    ----------
    yearly : (year, 6, …)
        Sums over pairs.
    counts : (1 + replicates, year)
        How often each year is sampled.
    """
    flat = yearly.reshape(len(yearly), -1)
    batches = range(0, len(counts), REPLICATES_AT_ONCE)
    return np.concatenate([_resampled(flat, counts[i : i + REPLICATES_AT_ONCE]) for i in batches])


def _resampled(yearly: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return the correlation of sums (year, 6 × cell) for a few replicates."""
    summed = np.moveaxis((counts @ yearly).reshape(len(counts), 6, -1), 1, 0)
    return pair_sums.correlation(summed, 1.0, FEWEST_PAIRS)


def mean_correlation(directions: list[np.ndarray], counts: np.ndarray) -> np.ndarray:
    """Return the mean of the correlations along x and y, (1 + replicates,)."""
    return np.mean([correlation(yearly, counts) for yearly in directions], axis=0)
