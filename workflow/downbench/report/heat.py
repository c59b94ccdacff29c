"""Shades of a column's numbers, by their distance from the best value."""

from collections.abc import Mapping

import numpy as np

from downbench.scores.metric import Best

SHADES = 5
"""Shade 0 is nearest to the best value of the column, the last one farthest from it."""


def distance(best: Best, value: float, reference: float = np.nan) -> float:
    """Return how far a value is from the best one; NaN where no value is best."""
    if best == "one":
        return abs(np.log(value)) if value > 0 else np.inf
    distances = {"low": value, "high": -value, "zero": abs(value)}
    return distances.get(best, abs(value - reference) if best == "reference" else np.nan)


def shades(distances: Mapping[str, float]) -> dict[str, int]:
    """Return the shade of each finite distance; none where all are equal.

    The shades divide the square root of the range between the smallest and the largest distance
    evenly, so that one poor model does not make all others look alike.
    """
    finite = {name: far for name, far in distances.items() if np.isfinite(far)}
    if len(finite) < 2 or min(finite.values()) == max(finite.values()):
        return {}
    low, high = min(finite.values()), max(finite.values())
    return {
        name: min(int(SHADES * np.sqrt((far - low) / (high - low))), SHADES - 1)
        for name, far in finite.items()
    }
