"""Bins of pooled distributions, as the table of variables describes them."""

import numpy as np

from downbench.core.variable import LinearBins
from downbench.core.variables import VARIABLES


def edges(variable: str) -> np.ndarray:
    """Return the bin edges of a variable in its unit; the first geometric bin starts at zero.

    Raises
    ------
    UserError
        When the table of variables gives it no histogram.
    """
    bins = VARIABLES[variable].require("histogram")
    if isinstance(bins, LinearBins):
        return np.arange(bins.start, bins.stop + bins.width / 2, bins.width)
    count = int(np.ceil(np.log(bins.stop / bins.start) / np.log(bins.ratio)))

    return np.concatenate([[0.0], bins.start * bins.ratio ** np.arange(count + 1)])
