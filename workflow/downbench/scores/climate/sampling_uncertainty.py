"""Subsets of the years of a series, spread over it as the years of an ensemble are.

An ensemble is sampled for years that are spread evenly over its run (`core.whole_months`), so a
trend does not separate them from the full record. Randomly selected years would be warmer or
colder because of the trend: at 0.08 K a year, eight of 34 by 0.25 K. Here one year is selected
from each of as many stretches of equal length.
"""

import numpy as np

SUBSETS = 40


def year_subsets(years: int, size: int, rng: np.random.Generator) -> np.ndarray:
    """Return forty subsets of the years, (subset, year): 1 where a year belongs to the subset.

    Parameters
    ----------
    years
        Number of years, in temporal order.
    size
        Years in a subset, fewer than `years`. If that is more than half of them, the years left
        out are selected in this way.
    rng
        Source of the selection.
    """
    if size > years - size:
        return 1 - year_subsets(years, years - size, rng)
    stretch = np.arange(years) * size // years
    # The year with the largest random number of its stretch is selected.
    priority = rng.random((SUBSETS, years))
    subsets = np.zeros((SUBSETS, years))
    for number in range(size):
        members = np.flatnonzero(stretch == number)
        subsets[np.arange(SUBSETS), members[priority[:, members].argmax(axis=1)]] = 1
    return subsets


def variance_ratio(years: int, size: int) -> float:
    """Return the variance of subset minus full record over that of subset minus complement.

    A noise floor compares a subset of the reference with its complement, whereas a model of
    `size` years is compared with the full record of `years` independent years. A small complement
    has more sampling noise: with two of ten years left out a distance, which grows as the root of
    the variance, would be 1.7 times too large.
    """
    full, complement = 1 / size + 1 / years, 1 / size + 1 / (years - size)
    return full / complement
