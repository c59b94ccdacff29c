"""Empirical quantiles, their inverse, and the line between them, row by row.

A row is a cell and a window of the year. Samples are type 7 of Hyndman and Fan (1996): the i-th of
n ordered values has the probability (i - 1) / (n - 1). Missing values (NaN) are left out.
"""

from dataclasses import dataclass

import numpy as np


def mid_levels(count: int) -> np.ndarray:
    """Probabilities in the middle of `count` equal bins, (count,): none is a sample's extreme."""
    return (np.arange(count) + 0.5) / count


def quantiles(ordered: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Type-7 quantiles: (rows, n) in ascending order, NaN last → (rows, levels).

    NaN where a row has no sample.
    """
    last = np.maximum(_valid(ordered) - 1, 0)[:, None]
    position = levels * last
    below = np.floor(position).astype(int)
    low = np.take_along_axis(ordered, below, axis=1)
    high = np.take_along_axis(ordered, np.minimum(below + 1, last), axis=1)

    return low + (position - below) * (high - low)


def probabilities(ordered: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Probability of values among a sample that holds them; ties share the mean of their ranks.

    Parameters
    ----------
    ordered : (rows, n)
        Sample in ascending order, NaN last.
    values : (rows, m)

    Returns
    -------
    (rows, m) float64 in 0 … 1; meaningless where a value is NaN.
    """
    before, through = (_search(ordered, values, side) for side in ("left", "right"))
    rank = (before + through - 1) / 2
    last = np.maximum(_valid(ordered) - 1, 1)[:, None]

    return np.clip(rank / last, 0.0, 1.0)


def _valid(ordered: np.ndarray) -> np.ndarray:
    """Number of values in each row that are not missing, (rows,) int."""
    return np.isfinite(ordered).sum(axis=1)


def row_means(values: np.ndarray) -> np.ndarray:
    """Mean of the valid values of each row, (rows, n) → (rows,) float64; NaN without any."""
    count = np.isfinite(values).sum(axis=1)
    total = np.nansum(values, axis=1, dtype=np.float64)
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)


@dataclass(frozen=True)
class Between:
    """Where values lie between the nodes of their row.

    `below` : (rows, m) int, the node at or below, the outermost one beyond the ends;
    `offset` and `gap` : (rows, m) float64, distance from that node and to the next one.
    """

    below: np.ndarray
    offset: np.ndarray
    gap: np.ndarray

    def of(self, nodes: np.ndarray) -> np.ndarray:
        """Other nodes (rows, k) at the same places, linear and constant beyond the ends.

        (rows, m) float64, by the arithmetic of `numpy.interp`.
        """
        nodes = nodes.astype(np.float64)
        low = np.take_along_axis(nodes, self.below, axis=1)
        above = np.minimum(self.below + 1, nodes.shape[1] - 1)
        rise = np.take_along_axis(nodes, above, axis=1) - low
        slope = np.divide(rise, self.gap, out=np.zeros_like(rise), where=self.gap > 0)

        return slope * self.offset + low


def among(values: np.ndarray, nodes: np.ndarray) -> Between:
    """Places of values (rows, m) among the ascending nodes (rows, k) of their rows."""
    below = np.maximum(_search(nodes, values, "right") - 1, 0)
    low = np.take_along_axis(nodes, below, axis=1).astype(np.float64)
    above = np.minimum(below + 1, nodes.shape[1] - 1)
    gap = np.take_along_axis(nodes, above, axis=1) - low

    return Between(below, np.maximum(values - low, 0.0), gap)


def at_levels(wanted: np.ndarray, levels: np.ndarray) -> Between:
    """Places of probabilities (rows, m) among the levels (k,) that all rows share."""
    below = np.clip(np.searchsorted(levels, wanted, side="right") - 1, 0, None)
    above = np.minimum(below + 1, levels.size - 1)

    return Between(below, np.maximum(wanted - levels[below], 0.0), levels[above] - levels[below])


def _search(ordered: np.ndarray, values: np.ndarray, side: str) -> np.ndarray:
    """`numpy.searchsorted` in each row: binary searches in a row that stays in the cache."""
    found = np.empty(values.shape, np.int64)
    for row, (among_these, these) in enumerate(zip(ordered, values, strict=True)):
        found[row] = np.searchsorted(among_these, these, side)

    return found
