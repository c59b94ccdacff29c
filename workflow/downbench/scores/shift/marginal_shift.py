"""Distances between the distributions of two series, by predictor and cell.

Both are counted per year in common intervals, so that resampled or shuffled years are sums.
"""

from dataclasses import dataclass

import numpy as np

NODES = 400
"""Nodes of the distribution functions: as many quantiles of both series together."""
BINS = 10


@dataclass(frozen=True)
class YearlyCounts:
    """Days per year, cell and interval of values; years of the reference come first.

    nodes : (cell, n)
        Upper ends of the intervals for the distribution functions [unit of the predictor].
    counts : (year, cell, n)
        Days in them.
    tenths : (year, cell, 10)
        Days between deciles of the reference.
    deviation : (cell,)
        Standard deviation of the reference [unit of the predictor].
    """

    nodes: np.ndarray
    counts: np.ndarray
    tenths: np.ndarray
    deviation: np.ndarray


def count(
    reference: np.ndarray, driver: np.ndarray, years: tuple[np.ndarray, np.ndarray]
) -> YearlyCounts:
    """Count the values of two series by year.

    Parameters
    ----------
    reference, driver : (time, cell)
        NaN where missing.
    years : two of (time,)
        Year of each day of both series.
    """
    series = [reference, driver]
    nodes = np.nanquantile(np.concatenate(series), np.linspace(0, 1, NODES), axis=0).T
    deciles = np.nanquantile(series[0], np.arange(1, BINS) / BINS, axis=0).T
    open_end = np.full((len(deciles), 1), np.inf)
    ends = np.concatenate([deciles, open_end], axis=1)
    counts = [
        np.concatenate(
            [
                _per_year(values, labels, limits)
                for values, labels in zip(series, years, strict=True)
            ]
        )
        for limits in (nodes, ends)
    ]
    return YearlyCounts(nodes, *counts, np.nanstd(series[0], axis=0))


def _per_year(values: np.ndarray, years: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Count days of each year in each interval, (year, cell, n); an end belongs to the lower."""
    number = np.unique(years, return_inverse=True)[1]
    count, size = number.max() + 1, ends.shape[1]
    counts = np.zeros((count, len(ends), size))
    for cell, limits in enumerate(ends):
        valid = np.isfinite(values[:, cell])
        position = np.minimum(np.searchsorted(limits, values[valid, cell]), size - 1)
        flat = np.bincount(number[valid] * size + position, minlength=count * size)
        counts[:, cell] = flat.reshape(count, size)
    return counts


def distances(
    yearly: YearlyCounts, reference_weights: np.ndarray, driver_weights: np.ndarray
) -> dict[str, np.ndarray]:
    """Return three distances, means over cells, for many weightings of the years.

    Parameters
    ----------
    yearly
        Days by year of both series.
    reference_weights, driver_weights : (replicate, year)
        How often a year belongs to the reference, and to the driver.

    Returns
    -------
    dict of (replicate,)
        `wasserstein`, the first Wasserstein distance [unit of the predictor];
        `wasserstein_normalised`, the same over the standard deviation of the reference [1];
        `pit_deviation`: the share of days that would have to move to another tenth of the
        reference for its probability integral transform to be as flat as that of the reference
        [1].
    """
    means = np.zeros((3, len(reference_weights)))
    for cell, deviation in enumerate(yearly.deviation):
        weights = (reference_weights, driver_weights)
        reference, driver = (_shares(w, yearly.counts[:, cell]) for w in weights)
        gap = np.abs(np.cumsum(reference - driver, axis=1))
        distance = np.trapezoid(gap, yearly.nodes[cell], axis=1)
        reference, driver = (_shares(w, yearly.tenths[:, cell]) for w in weights)
        moved = np.abs(reference - driver).sum(axis=1) / 2
        means += np.stack([distance, distance / deviation, moved]) / yearly.deviation.size

    return dict(
        zip(("wasserstein", "wasserstein_normalised", "pit_deviation"), means, strict=True)
    )


def _shares(weights: np.ndarray, counts: np.ndarray) -> np.ndarray:
    total = weights @ counts
    return total / total.sum(axis=1, keepdims=True)
