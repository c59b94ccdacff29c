"""Numbers of one column with the same decimals."""

from collections.abc import Iterable

import numpy as np

MOST_DECIMALS = 3
"""For three figures of the median."""
MOST_OF_SMALL = 5
"""For the first figure of the smallest; what would take more is rounding error."""


def decimals_of(values: Iterable[float]) -> int:
    """Return decimals for a column: three figures of its median, one of its smallest number."""
    values = list(values)
    return max(decimals_of_median(values), decimals_of_smallest(values))


def decimals_of_median(values: Iterable[float]) -> int:
    """Return decimals for three figures of the median."""
    sizes = [abs(value) for value in values if np.isfinite(value) and value]
    size = float(np.median(sizes)) if sizes else 1.0
    return int(np.clip(2 - np.floor(np.log10(size)), 0, MOST_DECIMALS))


def decimals_of_smallest(values: Iterable[float]) -> int:
    """Return decimals for one figure of the smallest number."""
    sizes = [abs(value) for value in values if np.isfinite(value) and value]
    firsts = (int(-np.floor(np.log10(size))) for size in sizes)
    return max((first for first in firsts if 0 <= first <= MOST_OF_SMALL), default=0)


def fixed(value: float, decimals: int) -> str:
    """Return a number with this many decimals; what rounds to zero has no sign."""
    text = f"{value:,.{decimals}f}".replace(",", "\u202f")
    return text.lstrip("-") if float(f"{value:.{decimals}f}") == 0 else text.replace("-", "−")
