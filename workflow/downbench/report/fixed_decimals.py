"""Numbers of one column with the same decimals."""

from collections.abc import Iterable

import numpy as np

MOST_DECIMALS = 3


def decimals_of(values: Iterable[float]) -> int:
    """Return decimals for a column: three figures of its median number."""
    sizes = [abs(value) for value in values if np.isfinite(value) and value]
    size = float(np.median(sizes)) if sizes else 1.0
    return int(np.clip(2 - np.floor(np.log10(size)), 0, MOST_DECIMALS))


def fixed(value: float, decimals: int) -> str:
    """Return a number with this many decimals; what rounds to zero has no sign."""
    text = f"{value:,.{decimals}f}".replace(",", "\u202f")
    return text.lstrip("-") if float(f"{value:.{decimals}f}") == 0 else text.replace("-", "−")
