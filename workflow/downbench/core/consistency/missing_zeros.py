"""Are values missing where the partner is dry? Then zeros were stored as missing."""

import numpy as np

from downbench.core.contract_values import RAIN_MM_DAY
from downbench.core.variables import variable

LEAST_SHARE = 0.1
MOST_OF_WET = 0.3
"""Missing share of wet values, relative to that of dry ones, that still shows a preference."""
FEWEST = 30
CLOSE_TIMES = 3


def problem(name: str, values: np.ndarray, target: np.ndarray) -> str:
    """Return what is wrong with the missing values of a variable with dry days; empty if nothing.

    Parameters
    ----------
    name
        Variable.
    values, target : (time, …)
        Of the same days and places, NaN where missing [mm day-1]. Days far from any value do not
        count: a gauge may be closed for a dry season.
    """
    if not variable(name).is_intermittent:
        return ""
    missing = np.isnan(values)
    valid = np.isfinite(target) & _close_to_values(~missing)
    dry = valid & (target < RAIN_MM_DAY)
    wet = valid & (target >= RAIN_MM_DAY)
    if dry.sum() < FEWEST or wet.sum() < FEWEST:
        return ""
    of_dry, of_wet = float(missing[dry].mean()), float(missing[wet].mean())
    if of_dry < LEAST_SHARE or of_wet > MOST_OF_WET * of_dry:
        return ""
    return (
        f"{name} is missing in {of_dry:.0%} of the target's dry values and in {of_wet:.0%} of its "
        "wet ones: zeros seem to be stored as missing, and means would be those of wet days: look "
        "at _FillValue and at how the file was made"
    )


def _close_to_values(present: np.ndarray) -> np.ndarray:
    """Return where a value is present at most three times before or after, like `present`."""
    close = present.copy()
    for shift in range(1, CLOSE_TIMES + 1):
        close[shift:] |= present[:-shift]
        close[:-shift] |= present[shift:]

    return close
