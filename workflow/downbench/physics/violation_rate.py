"""How often a law is violated: the share of values that miss it by more than a tolerance.

There is no standard definition. Here a value v that should be x violates when

    |v − x| > max(ε_abs, ε_rel |x|)

and the rate is a share of (coarse cell, day, member), each counted once; missing values count
nowhere. A rate has a meaning only next to its floors: the rate of the target, of the coarse input
and of a bilinear interpolation, with the same operator and the same tolerance.
"""

import numpy as np


def tolerance(expected: np.ndarray, absolute: float, relative: float = 0.0) -> np.ndarray:
    """max(ε_abs, ε_rel |x|) of what the law wants, any shape, in its unit; `relative` in [1]."""
    return np.maximum(absolute, relative * np.abs(expected))


def violated(error: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    """Where |error| (…, Y, X) exceeds `allowed`, broadcast against it; never where NaN."""
    with np.errstate(invalid="ignore"):
        return np.abs(error) > allowed


def violation_rate(error: np.ndarray, allowed: np.ndarray) -> float:
    """Share [1] of the valid values of `error` (…, Y, X) beyond `allowed`; NaN without any."""
    valid = np.isfinite(error) & np.isfinite(allowed)
    return float(violated(error, allowed)[valid].mean()) if valid.any() else np.nan
