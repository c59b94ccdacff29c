"""Correlation of pairs of values from their sums in each cell."""

import numpy as np


def correlation(sums: np.ndarray, area: np.ndarray | float, fewest: int) -> np.ndarray:
    """Return covariance over spread, both about the means of each cell, summed over cells first.

    Parameters
    ----------
    sums : (6, …, cell)
        Number of pairs, and sums of a, b, a², b² and ab, in each cell.
    area : (cell,) or 1
        Weight of each cell.
    fewest
        Pairs that a cell needs to count.

    Returns
    -------
    (…,)
        NaN where nothing varies, or no cell has enough pairs.
    """
    count, a, b, aa, bb, ab = sums
    enough = count >= fewest
    count = np.where(enough, count, 1)
    weight = np.where(enough, area, 0.0) / count

    def total(product: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        return (weight * (product - first * second / count)).sum(axis=-1)

    spread = total(aa, a, a) * total(bb, b, b)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(spread > 0, total(ab, a, b) / np.sqrt(spread), np.nan)
