"""Windows of consecutive days, each named by its last day; none crosses a gap of the series."""

import numpy as np

from downbench.scores.paired_fields import PairedFields

LONGEST_WINDOW_DAYS = 3


def run_lengths(follows: np.ndarray) -> np.ndarray:
    """Days in a row up to each day, of `follows` (day,): is it the one after the day before it?

    The first day counts as one.
    """
    index = np.arange(follows.size)
    starts = np.where(follows, 0, index)

    return 1 + index - np.maximum.accumulate(starts)


def window(fine: PairedFields, days: int) -> tuple[list[np.ndarray], list[np.ndarray], np.ndarray]:
    """Deviations of members and outcomes on each day of windows, and the weight of their cells.

    Parameters
    ----------
    fine
        With `run_days`.
    days
        Length of a window [days], at most `LONGEST_WINDOW_DAYS`.

    Returns
    -------
    members, outcomes
        `deviation` and `outcome_deviation` (day, n, y, x), of the last day first.
    weight : (day, y, x)
        Cell area [m2] where all days of the window are valid and consecutive, else 0.
    """
    lags = range(days)
    members = [_earlier(fine, "deviation", lag) for lag in lags]
    outcomes = [_earlier(fine, "outcome_deviation", lag) for lag in lags]
    weight = np.min([_earlier(fine, "weight", lag) for lag in lags], axis=0)
    complete = (fine.run_days >= days)[:, None, None]

    return members, outcomes, np.where(complete, weight, 0.0)


def _earlier(fine: PairedFields, name: str, lag: int) -> np.ndarray:
    """Return an array of the fields so many days before; of any day beyond the first one."""
    values = getattr(fine, name)
    if lag == 0:
        return values
    before = values[:0] if fine.previous is None else getattr(fine.previous, name)
    index = np.arange(len(values)) + len(before) - lag

    return np.concatenate([before, values])[np.maximum(index, 0)]
