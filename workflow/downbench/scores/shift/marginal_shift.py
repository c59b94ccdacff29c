"""How far the distributions of two series lie apart, predictor by predictor, cell by cell.

Both are counted per year on common nodes, so that resampled or shuffled years are sums.
"""

from dataclasses import dataclass

import numpy as np

NODES = 400
"""Nodes of the distribution functions: so many quantiles of both series together."""
BINS = 10


@dataclass(frozen=True)
class Counted:
    """Days per year, cell and interval of values; years of the reference come first.

    `nodes` (cells, n) are upper ends of intervals for the distribution functions, `counts` (years,
    cells, n) the days in them; `tenths` (years, cells, 10) those between deciles of the reference.
    `deviation` (cells,) is the standard deviation of the reference.
    """

    nodes: np.ndarray
    counts: np.ndarray
    tenths: np.ndarray
    deviation: np.ndarray


def count(
    reference: np.ndarray, driver: np.ndarray, years: tuple[np.ndarray, np.ndarray]
) -> Counted:
    """Count the values of two series (time, cells), NaN where missing; `years` labels the days."""
    series = [reference, driver]
    nodes = np.nanquantile(np.concatenate(series), np.linspace(0, 1, NODES), axis=0).T
    deciles = np.nanquantile(series[0], np.arange(1, BINS) / BINS, axis=0).T
    open_end = np.full((len(deciles), 1), np.inf)
    ends = np.concatenate([deciles, open_end], axis=1)
    counted = [
        np.concatenate([_per_year(s, y, at) for s, y in zip(series, years, strict=True)])
        for at in (nodes, ends)
    ]
    return Counted(nodes, *counted, np.nanstd(series[0], axis=0))


def _per_year(values: np.ndarray, years: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Days of each year in each interval, (years, cells, n); an end belongs to what is below."""
    number = np.unique(years, return_inverse=True)[1]
    count, size = number.max() + 1, ends.shape[1]
    made = np.zeros((count, len(ends), size))
    for cell, own_ends in enumerate(ends):
        valid = np.isfinite(values[:, cell])
        place = np.minimum(np.searchsorted(own_ends, values[valid, cell]), size - 1)
        made[:, cell] = np.bincount(number[valid] * size + place, minlength=count * size).reshape(
            count, size
        )
    return made


def distances(
    counted: Counted, of_reference: np.ndarray, of_driver: np.ndarray
) -> dict[str, np.ndarray]:
    """Three distances, means over cells,, for years weighted in many ways.

    Parameters
    ----------
    of_reference, of_driver : (replicates, years)
        How often a year belongs to either side.

    Returns
    -------
    dict of (replicates,)
        `wasserstein`, the first Wasserstein distance [unit of the predictor];
        `wasserstein_normalised`, the same over the reference's standard deviation [1];
        `pit_deviation`: the share of days that would have to move to another tenth of the
        reference for its probability integral transform to be as flat as the reference's own [1].
    """
    apart = np.zeros((3, len(of_reference)))
    for cell, deviation in enumerate(counted.deviation):
        shares = [_shares(w, counted.counts[:, cell]) for w in (of_reference, of_driver)]
        gap = np.abs(np.cumsum(shares[0] - shares[1], axis=1))
        distance = np.trapezoid(gap, counted.nodes[cell], axis=1)
        tenths = [_shares(w, counted.tenths[:, cell]) for w in (of_reference, of_driver)]
        moved = np.abs(tenths[0] - tenths[1]).sum(axis=1) / 2
        apart += np.stack([distance, distance / deviation, moved]) / counted.deviation.size

    return dict(
        zip(("wasserstein", "wasserstein_normalised", "pit_deviation"), apart, strict=True)
    )


def _shares(weights: np.ndarray, counts: np.ndarray) -> np.ndarray:
    total = weights @ counts
    return total / total.sum(axis=1, keepdims=True)
