"""Distance between the distributions of two climates, pooled over all cells.

A distribution is the area in each bin of `distribution.edges`, year by year, so that years can be
resampled. With distribution functions F and G the distance is Wasserstein-1, ∫ |F − G| dx, in the
unit of the variable.
"""

import numpy as np

from downbench.core.histogram import edges
from downbench.core.rng import generator
from downbench.scores.climate.sampling_uncertainty import variance_ratio, year_subsets


def shares(counts: np.ndarray, distribution: np.ndarray) -> np.ndarray:
    """Return the share of the area in every bin, (…, bin), of resampled years.

    Parameters
    ----------
    counts : (…, year)
        How often each year is sampled.
    distribution : (year, bin)
        Area in each bin [m2].

    Returns
    -------
    (…, bin)
        NaN where no year is sampled.
    """
    area = counts @ distribution
    with np.errstate(invalid="ignore", divide="ignore"):
        return area / area.sum(axis=1, keepdims=True)


def wasserstein(first: np.ndarray, second: np.ndarray, variable: str) -> np.ndarray:
    """Return the Wasserstein-1 distance (…,) [mm day-1 or K] of two `shares` (…, bin)."""
    return np.abs(np.cumsum(first - second, axis=1)) @ np.diff(edges(variable))


def noise_floor(reference: np.ndarray, years: int, variable: str, seed: int) -> float:
    """Return the mean distance of a perfect model that is sampled for so many years.

    It is the distance between so many years of the reference (year, bin) and its other years, as
    if these were the full record; NaN where too few years remain.
    """
    if len(reference) <= years:
        return np.nan
    subsets = year_subsets(len(reference), years, generator("floor", seed))
    pair = shares(subsets, reference), shares(1 - subsets, reference)
    mean = wasserstein(*pair, variable).mean()
    return float(mean * np.sqrt(variance_ratio(len(reference), years)))
