"""How far apart the laws of two climates are, of all cells together.

Laws are areas by bin of `distribution.edges`, year by year, so that years can be resampled. With F
and G the two distribution functions, the distance is Wasserstein-1, ∫ |F − G| dx, in the
variable's unit.
"""

import numpy as np

from downbench.core.rng import generator
from downbench.scores.climate.sampling_uncertainty import parts_of_years, wider_apart
from downbench.scores.metrics.distribution import edges


def shares(drawn: np.ndarray, law: np.ndarray) -> np.ndarray:
    """Share of the area in every bin, (…, bin), of resampled years; NaN where none was drawn.

    Parameters
    ----------
    drawn : (…, year)
        How often each year is drawn.
    law : (year, bin)
    """
    counted = drawn @ law
    with np.errstate(invalid="ignore", divide="ignore"):
        return counted / counted.sum(axis=1, keepdims=True)


def apart(mine: np.ndarray, theirs: np.ndarray, is_rain: bool) -> np.ndarray:
    """Wasserstein-1 (…,) [mm day-1 or K] between laws (…, bin) that `shares` returned."""
    return np.abs(np.cumsum(mine - theirs, axis=1)) @ np.diff(edges(is_rain))


def floor(theirs: np.ndarray, years: int, is_rain: bool, seed: int) -> float:
    """The distance that a perfect model would have, drawn for so many years, in the mean.

    That between so many years of the truth (year, bin) and its others, as if these were all of it;
    NaN where too few years remain.
    """
    if len(theirs) <= years:
        return np.nan
    parts = parts_of_years(len(theirs), years, generator("floor", seed))
    found = apart(shares(parts, theirs), shares(1 - parts, theirs), is_rain).mean()
    return float(found * np.sqrt(wider_apart(len(theirs), years)))
