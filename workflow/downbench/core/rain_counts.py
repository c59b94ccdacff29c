"""How often rain of each size occurs: counts in which any number of values fits."""

from dataclasses import dataclass, field

import numpy as np

SMALLEST, LARGEST = 2.0**-20, 2.0**20
"""Values between these sizes have bins of their own [mm day-1];
others count in the outermost bin."""

SHIFT = 8
"""Bits of a float32 that are left out: sizes are resolved to 3 in 100,000, powers of 2 exactly."""


def _bin(values: np.ndarray) -> np.ndarray:
    """Return the bin of positive values: the bits of positive floats ascend with their size."""
    clipped = np.clip(values, SMALLEST, LARGEST).astype(np.float32, copy=False)
    return (clipped.view(np.uint32) >> SHIFT) - FIRST


FIRST = int(np.float32(SMALLEST).view(np.uint32)) >> SHIFT
BINS = (int(np.float32(LARGEST).view(np.uint32)) >> SHIFT) - FIRST + 1


@dataclass
class RainCounts:
    """Counts of values by size.

    Attributes
    ----------
    total : int
        Number of finite values.
    most : float
        Largest of all [mm day-1].
    by_size : (bin,) int
        Numbers of positive values.
    """

    total: int = 0
    most: float = 0.0
    by_size: np.ndarray = field(default_factory=lambda: np.zeros(BINS, np.int64))

    @classmethod
    def of(cls, rain: np.ndarray) -> "RainCounts":
        """Return the counts of an array of any shape [mm day-1], NaN where missing."""
        counts = cls()
        counts.add(rain)
        return counts

    def add(self, rain: np.ndarray) -> None:
        """Count further values."""
        positive = np.compress(((rain > 0) & (rain < np.inf)).ravel(), rain)
        self.total += np.count_nonzero(np.isfinite(rain))
        self.most = max(self.most, float(positive.max(initial=0)))
        np.add.at(self.by_size, _bin(positive), 1)

    def number(self, least: float) -> int:
        """Return how many values are at least `least` [mm day-1]; of 0, how many are positive."""
        return int(self.by_size[self._from(least) :].sum())

    def median(self, least: float) -> float:
        """Return the median of the values of at least `least` [mm day-1], NaN without any."""
        number, start = self.number(least), self._from(least)
        if not number:
            return float("nan")
        below = np.cumsum(self.by_size[start:])
        places = start + np.searchsorted(below, [(number - 1) // 2, number // 2], side="right")
        return float(((places + FIRST) << SHIFT).astype(np.uint32).view(np.float32).mean())

    @staticmethod
    def _from(least: float) -> int:
        return int(_bin(np.array([least]))[0])
