"""Fast sorting of many samples of one series, row by row.

Quantile mapping spends most of its time on sorting, since each window of the year is a separate
sample. A series is sorted once; then its values are identified by their rank. Up to
65,536 places fit into 16 bits, for which numpy has a radix sort, several times as fast as its sort
of floats. Samples are cheapest where their positions are a few runs of neighbours. Rows are cells.
Samples are type 7 of Hyndman and Fan (1996): the i-th of n ordered values has the probability
(i - 1) / (n - 1). Missing values (NaN) are left out.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

SHORT = 2**16
SHORTEST_RUN = 16
"""Positions per run from which copying by runs pays."""


@dataclass(frozen=True)
class SortedSeries:
    """A series (rows, n) in order.

    `ordered` : (rows, n), its values in ascending order, NaN last.
    `places` : (rows, n) int, `ordered[places]` is the series; equal values share a place.
    `valid` : (rows,) int, values that are not missing.
    """

    ordered: np.ndarray
    places: np.ndarray
    valid: np.ndarray

    def sample(self, index: np.ndarray) -> "SortedSample":
        """Return the values at these positions of each row."""
        places = take_columns(self.places, index)
        places.sort(axis=1, kind="stable" if places.dtype == np.uint16 else "quicksort")
        return SortedSample(self, places)

    def below(self, threshold: float) -> np.ndarray:
        """Return the number of values below a threshold, (rows,) int: the place that begins it."""
        return (self.ordered < threshold).sum(axis=1)


@dataclass(frozen=True)
class SortedSample:
    """Values of a series: their `places` (rows, m) in ascending order."""

    series: SortedSeries
    places: np.ndarray

    @cached_property
    def valid(self) -> np.ndarray:
        """Return the number of values that are not missing, (rows,) int."""
        if (self.series.valid == self.series.ordered.shape[1]).all():
            return np.full(len(self.places), self.places.shape[1])
        return (self.places < self.series.valid[:, None]).sum(axis=1)

    def from_place(self, first: np.ndarray) -> np.ndarray:
        """Return the number of valid values of place `first` (rows,) or above, (rows,) int."""
        return np.maximum(self.valid - (self.places < first[:, None]).sum(axis=1), 0)

    def quantiles(self, levels: np.ndarray) -> np.ndarray:
        """Return type-7 quantiles (rows, levels); NaN where a row has no value."""
        last = np.maximum(self.valid - 1, 0)[:, None]
        position = levels * last
        below = np.floor(position).astype(int)
        low, high = self._values(below), self._values(np.minimum(below + 1, last))

        return low + (position - below) * (high - low)

    def _values(self, rank: np.ndarray) -> np.ndarray:
        places = np.take_along_axis(self.places, rank, axis=1).astype(np.intp)
        return np.take_along_axis(self.series.ordered, places, axis=1)

    def _has_ties(self) -> bool:
        return bool((self.places[:, 1:] == self.places[:, :-1]).any())

    def probabilities(self, index: np.ndarray) -> np.ndarray:
        """Return the probabilities of the series' values at these positions of the sample.

        (rows, index) float64 in 0 … 1; ties share the mean of their ranks. Meaningless where a
        value is missing.
        """
        places = np.take(self.series.places, index, axis=1)
        before = search_rows(self.places, places, "left")
        through = search_rows(self.places, places, "right") if self._has_ties() else before + 1
        last = np.maximum(self.valid - 1, 1)[:, None]

        return np.clip((before + through - 1) / 2 / last, 0.0, 1.0)


def in_order(values: np.ndarray) -> SortedSeries:
    """Sort a series (rows, n); NaN is missing."""
    order = np.argsort(values, axis=1)
    ordered = np.take_along_axis(values, order, axis=1)
    count = values.shape[1]
    position = np.broadcast_to(np.arange(count), values.shape)
    first = np.zeros_like(position)
    first[:, 1:] = np.where(ordered[:, 1:] == ordered[:, :-1], 0, position[:, 1:])
    shared = np.maximum.accumulate(first, axis=1)
    places = np.empty(values.shape, np.uint16 if count <= SHORT else np.uint32)
    np.put_along_axis(places, order, shared.astype(places.dtype), axis=1)

    return SortedSeries(ordered, places, np.isfinite(ordered).sum(axis=1))


def take_columns(rows: np.ndarray, index: np.ndarray) -> np.ndarray:
    """Return a copy of `rows[:, index]`, copied by runs of neighbouring positions."""
    runs = np.split(index, np.flatnonzero(np.diff(index) != 1) + 1)
    if len(runs) > 1 + index.size // SHORTEST_RUN:
        return np.take(rows, index, axis=1)
    return np.concatenate([rows[:, run[0] : run[-1] + 1] for run in runs if run.size], axis=1)


def search_rows(ordered: np.ndarray, values: np.ndarray, side: str) -> np.ndarray:
    """`numpy.searchsorted` in each row: binary searches in a row that stays in the cache."""
    positions = np.empty(values.shape, np.intp)
    for row, (nodes, queries) in enumerate(zip(ordered, values, strict=True)):
        positions[row] = nodes.searchsorted(queries, side)

    return positions
