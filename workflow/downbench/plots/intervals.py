"""Intervals of a score table as matplotlib expects them."""

import numpy as np
import pandas as pd


def whiskers(rows: pd.DataFrame) -> np.ndarray | None:
    """Distances from value to lower and upper end, shape (2, rows); None without intervals.

    A bootstrap interval may exclude its estimate; a negative distance becomes zero.
    """
    ends = rows[["lower", "upper"]].to_numpy(float)
    if np.isnan(ends).all():
        return None
    value = rows["value"].to_numpy(float)
    return np.clip(np.stack([value - ends[:, 0], ends[:, 1] - value]), 0.0, None)
