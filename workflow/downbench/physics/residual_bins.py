"""Bins for the distribution of a residual: fine about zero, 10 % wide far from it."""

import numpy as np

SMALLEST_MM_DAY, RATIO, LARGEST_MM_DAY = 0.01, 1.1, 1000.0


def _edges() -> np.ndarray:
    steps = int(np.ceil(np.log(LARGEST_MM_DAY / SMALLEST_MM_DAY) / np.log(RATIO)))
    positive = SMALLEST_MM_DAY * RATIO ** np.arange(steps + 1)
    return np.concatenate([-positive[::-1], positive])


EDGES_MM_DAY = _edges()
"""Increasing and symmetric; the middle bin holds what is zero to 0.01 mm day-1."""


def bin_of(residual: np.ndarray) -> np.ndarray:
    """Bin of each residual [mm day-1], any shape; what lies outside goes to the outermost bin."""
    place = np.searchsorted(EDGES_MM_DAY, np.nan_to_num(residual), side="right") - 1
    return np.clip(place, 0, len(EDGES_MM_DAY) - 2)


def quantiles(frequency: np.ndarray, percentiles: tuple[float, ...]) -> np.ndarray:
    """Quantiles (…, percentile) [mm day-1] of binned laws (…, bin), linear inside a bin.

    What lies in the middle bin is zero.
    """
    total = np.cumsum(frequency.reshape(-1, frequency.shape[-1]), axis=1)
    below = np.concatenate([np.zeros((len(total), 1)), total], axis=1)
    shares = np.asarray(percentiles) / 100
    values = np.stack([np.interp(shares * row[-1], row, EDGES_MM_DAY) for row in below])
    values[np.abs(values) < SMALLEST_MM_DAY] = 0.0
    values[~np.isfinite(below[:, -1])] = np.nan

    return values.reshape(*frequency.shape[:-1], len(shares))
