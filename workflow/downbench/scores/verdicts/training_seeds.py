"""One comparison from those of several training seeds, whose intervals include the seed.

The days are the same for all seeds, so their error does not shrink by averaging over seeds; the
seeds are a sample of their own. Both variances add up, and the degrees of freedom of the sum are
those of Welch and Satterthwaite: three seeds that differ widen an interval strongly.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import stdtrit

DEFAULT_CONFIDENCE = 0.95
"""Of rows that are no difference between models."""
MANY = 1e9
"""Degrees of freedom of a normal distribution."""
KEYS = ["model", "variable", "metric", "scale", "threshold", "season"]


def over_seeds(comparisons: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the rows that all comparisons have, as means over seeds.

    Parameters
    ----------
    comparisons
        Tables of comparisons of the same models on the same days, one per training seed.
    """
    count = len(comparisons)
    rows = pd.concat(comparisons).groupby(KEYS, sort=False, dropna=False)
    mean = rows.mean(numeric_only=True)[rows.size() == count]
    of_seeds = rows["value"].var(ddof=1).reindex(mean.index) / count
    confidence = mean["confidence"].fillna(DEFAULT_CONFIDENCE)
    freedom_of_days = np.minimum(mean["blocks"].fillna(np.inf) - 1, MANY)
    quantile = stdtrit(freedom_of_days, (1 + confidence) / 2)
    of_days = {end: ((mean["value"] - mean[end]) / quantile) ** 2 for end in ("lower", "upper")}
    variance_of_days = (of_days["lower"] + of_days["upper"]) / 2
    uncertain = variance_of_days**2 / freedom_of_days + of_seeds**2 / (count - 1)
    freedom = ((variance_of_days + of_seeds) ** 2 / uncertain).fillna(freedom_of_days)
    quantile = stdtrit(freedom, (1 + confidence) / 2)
    for end, sign in (("lower", -1), ("upper", 1)):
        mean[end] = mean["value"] + sign * quantile * np.sqrt(of_days[end] + of_seeds)

    return mean.assign(blocks=freedom + 1, confidence=confidence).reset_index()
