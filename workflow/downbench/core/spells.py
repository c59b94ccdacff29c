"""Spells of consecutive days that stand for a whole split."""

import numpy as np


def spells(times: int, count: int, length: int | None) -> np.ndarray:
    """Indices of `count` spells of `length` consecutive times, spread evenly over range(times).

    The whole range when `length` is None or the spells would cover it. Spells keep neighbouring
    days together, so that day-to-day correlation can be scored.
    """
    if length is None or count * length >= times:
        return np.arange(times)
    starts = np.linspace(0, times - length, count).round().astype(int)
    return (starts[:, None] + np.arange(length)).ravel()
