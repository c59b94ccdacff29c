"""Order of the day's temperatures: tasmin ≤ tas ≤ tasmax."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

ORDER = ("tasmin", "tas", "tasmax")


def ordered_names(names: object) -> tuple[str, ...]:
    """Those of `ORDER` that are among `names`; the law needs two of them."""
    return tuple(name for name in ORDER if name in names)


def out_of_order(temperature: Mapping[str, np.ndarray]) -> np.ndarray:
    """Where a smaller one exceeds a larger one, (…); NaN is never out of order.

    Parameters
    ----------
    temperature
        Two or three of tasmin, tas, tasmax [K], all (…).
    """
    fields = [temperature[name] for name in ordered_names(temperature)]
    return np.logical_or.reduce([lower > upper for lower, upper in pairwise(fields)])
