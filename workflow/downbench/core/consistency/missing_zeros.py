"""Are values missing where the partner is dry? Then zeros were stored as missing."""

import numpy as np

from downbench.core.consistency.check_result import CheckResult, not_compared
from downbench.core.contract_values import RAIN_MM_DAY
from downbench.core.variables import variable

LEAST_SHARE = 0.1
MOST_OF_WET = 0.3
"""Missing share of wet values, relative to that of dry ones, that still shows a preference."""
FEWEST = 30
CLOSE_TIMES = 3
CHECK = "missing zeros"
LIMIT = f"dry values: less than {LEAST_SHARE:.0%}, or wet ones more than {MOST_OF_WET:g} as often"


def problem(name: str, values: np.ndarray, target: np.ndarray) -> str:
    """Return what is wrong with the missing values of a variable with dry days; empty if nothing.

    Parameters are those of `result`.
    """
    return result(name, values, target).problem


def result(name: str, values: np.ndarray, target: np.ndarray) -> CheckResult:
    """Compare how often dry and wet values are missing.

    Parameters
    ----------
    name
        Variable.
    values, target : (time, …)
        Of the same days and places, NaN where missing [mm day-1]. Days far from any value do not
        count: a gauge may be closed for a dry season.
    """
    if not variable(name).is_intermittent:
        return not_compared(CHECK, name, "it has no dry days")
    missing = np.isnan(values)
    valid = np.isfinite(target) & _close_to_values(~missing)
    dry = valid & (target < RAIN_MM_DAY)
    wet = valid & (target >= RAIN_MM_DAY)
    if dry.sum() < FEWEST or wet.sum() < FEWEST:
        return not_compared(CHECK, name, f"fewer than {FEWEST} dry or wet values", LIMIT)
    of_dry, of_wet = float(missing[dry].mean()), float(missing[wet].mean())
    shares = (
        f"missing in {of_dry:.0%} of the target's dry values and in {of_wet:.0%} of its wet ones"
    )
    is_wrong = of_dry >= LEAST_SHARE and of_wet <= MOST_OF_WET * of_dry
    fix = (
        f"{name} is {shares}: zeros seem to be stored as missing, and means would be those of wet "
        "days: look at _FillValue and at how the file was made"
    )
    return CheckResult(CHECK, name, shares, LIMIT, fix if is_wrong else "")


def _close_to_values(present: np.ndarray) -> np.ndarray:
    """Return where a value is present at most three times before or after, like `present`."""
    close = present.copy()
    for shift in range(1, CLOSE_TIMES + 1):
        close[shift:] |= present[:-shift]
        close[:-shift] |= present[shift:]

    return close
