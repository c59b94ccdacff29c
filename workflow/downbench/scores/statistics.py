"""Daily sums of statistics: what is averaged and resampled before any metric is formed.

A metric is a function of mean statistics, never a mean of metrics: a skill score, a ratio or a
root is taken once, after the weighted mean over cells and days (traps T3, T8). Keeping the sums
of each day makes the block bootstrap a matrix product.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Statistic:
    """Weighted sums of one statistic over the cells of each day.

    total : (day, k)
        Sum of weight × value; k counts pooling scales, ranks, wavenumbers …
    weight : (day, k) or (day, 1)
        Sum of the weights [m2, or any unit that all days share].
    """

    total: np.ndarray
    weight: np.ndarray


Statistics = dict[str, Statistic]


@dataclass(frozen=True)
class Means:
    """Mean statistics of a sample of days and of its bootstrap replicates.

    values : name → (1 + replicates, k)
        Row 0 is the sample itself.
    blocks : number of blocks that were resampled
    times : name → number of days on which the statistic has any weight
    """

    values: Mapping[str, np.ndarray]
    blocks: int
    times: Mapping[str, int] = field(default_factory=dict)

    def __getitem__(self, name: str) -> np.ndarray:
        return self.values[name]

    def scalar(self, name: str) -> np.ndarray:
        """(1 + replicates,) of a statistic that has one value a day."""
        return self.values[name][:, 0]

    def __contains__(self, name: str) -> bool:
        return name in self.values


def cell_sums(values: np.ndarray, weight: np.ndarray) -> Statistic:
    """Sum `values` (day, y, x) over the cells of `weight` (day, y, x) above zero."""
    counted = np.where(weight > 0, values, 0.0)
    total = np.einsum("tyx,tyx->t", counted, weight, dtype=np.float64)
    return Statistic(total[:, None], weight.sum(axis=(1, 2), dtype=np.float64)[:, None])


def day_values(values: np.ndarray, weight: np.ndarray) -> Statistic:
    """A statistic that is known per day: `values` (day, k) with `weight` (day,)."""
    column = np.asarray(weight, np.float64)[:, None]
    return Statistic(np.where(column > 0, values, 0.0) * column, column)


def side_by_side(parts: Iterable[Statistic]) -> Statistic:
    """Concatenate statistics of the same days along k."""
    parts = list(parts)
    weights = [np.broadcast_to(part.weight, part.total.shape) for part in parts]
    return Statistic(
        np.concatenate([part.total for part in parts], axis=1), np.concatenate(weights, axis=1)
    )


def one_after_another(parts: Iterable[Statistics]) -> Statistics:
    """Join the statistics of consecutive batches of days."""
    parts = list(parts)
    return {
        name: Statistic(
            np.concatenate([part[name].total for part in parts]),
            np.concatenate([part[name].weight for part in parts]),
        )
        for name in (parts[0] if parts else {})
    }


def means(statistics: Statistics, counts: np.ndarray, blocks: int) -> Means:
    """Weighted means over days.

    Parameters
    ----------
    statistics
        Daily sums.
    counts : (1 + replicates, day)
        How often each day is in each resampled series; row 0 is all ones.
    blocks
        Number of blocks resampled.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        values = {
            name: (counts @ sums.total) / (counts @ sums.weight)
            for name, sums in statistics.items()
        }
    times = {name: int(days_with_weight(sums).sum()) for name, sums in statistics.items()}
    return Means(values, blocks, times)


def days_with_weight(sums: Statistic) -> np.ndarray:
    """(day,) bool: has any value of the day a weight?"""
    return (sums.weight > 0).any(axis=1)


def counted_days(statistics: Statistics) -> np.ndarray:
    """(day,) bool: has any statistic a weight on the day?"""
    return np.any([days_with_weight(sums) for sums in statistics.values()], axis=0)


def on_days(statistics: Statistics, mask: np.ndarray) -> Statistics:
    """Return the statistics of the days where `mask` (day,) is true."""
    return {
        name: Statistic(sums.total[mask], sums.weight[mask]) for name, sums in statistics.items()
    }
