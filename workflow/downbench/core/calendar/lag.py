"""Correlation of two daily series at lags: are their days the same (trap T16)?"""

from collections.abc import Mapping, Sequence

import numpy as np

from downbench.core.variables import VARIABLES

LAGS_DAYS = (-1, 0, 1)
FEWEST_PAIRS = 60
CLEARLY = 0.8
"""Share of 1 − r at lag 0 below which another lag shows that days are wrong."""

STANDARD_ERRORS = 3.0
"""Gain of a correlation of rain, in units of 1 / √days, that chance seldom exceeds."""


def listing(by_lag: Mapping[int, float]) -> str:
    """Return the correlations at all lags as text."""
    return ", ".join(f"{days:+d} d: {value:.2f}" for days, value in by_lag.items())


def better_lag(
    by_lag: Mapping[int, float], least_gain: float = 0.0, clearly: float = CLEARLY
) -> int:
    """Return the lag at which a series clearly fits better than on its own days; 0 if none does.

    1 − r is then below the share `clearly` of that at lag 0: days that end at other hours fit two
    days nearly alike. The correlation also gains more than `least_gain`, see `gain_of_chance`.
    """
    if 0 not in by_lag:
        return 0
    best = max(by_lag, key=by_lag.get)
    is_clear = 1 - by_lag[best] < clearly * (1 - by_lag[0])
    return best if is_clear and by_lag[best] - by_lag[0] > least_gain else 0


def gain_of_chance(variable: str, days: int) -> float:
    """Return the gain of a correlation that chance may give a variable with few wet days."""
    is_rain = VARIABLES[variable].is_intermittent
    return STANDARD_ERRORS / np.sqrt(max(days, 1)) if is_rain else 0.0


def of_domain_means(
    days: np.ndarray,
    series: np.ndarray,
    target: np.ndarray,
    lags: Sequence[int] = LAGS_DAYS,
) -> dict[int, float]:
    """Return the correlation of the domain means at each lag.

    Parameters
    ----------
    days : (time,) int
        Numbers of the days, which may have gaps.
    series, target : (time, Y, X)
        The same variable on the same days; NaN where missing.
    lags
        [days]

    Returns
    -------
    dict
        Lag [days] → correlation of the series of a day with the target that many days later;
        empty where fewer than 60 such pairs exist.
    """
    valid = np.isfinite(series) & np.isfinite(target)
    means = (_domain_mean(field, valid) for field in (series, target))
    return lagged(days, *means, lags=lags)


def lagged(
    day: np.ndarray, first: np.ndarray, second: np.ndarray, lags: Sequence[int] = LAGS_DAYS
) -> dict[int, float]:
    """Return the correlation of the first series with the second some days later.

    Parameters
    ----------
    day : (time,) int
        Day numbers, increasing; they may have gaps.
    first, second : (time,)
        NaN where missing.
    lags
        [days]

    Returns
    -------
    dict
        Lag [days] → correlation; empty where fewer than 60 days are given. A lag without enough
        pairs, or at which nothing varies, is left out.
    """
    if len(day) < FEWEST_PAIRS:
        return {}
    by_lag = {}
    for days in lags:
        _, later, earlier = np.intersect1d(day + days, day, return_indices=True)
        pair = np.stack([first[later], second[earlier]]).astype(np.float64)
        pair = pair[:, np.isfinite(pair).all(axis=0)]
        if pair.shape[1] >= FEWEST_PAIRS // 2 and pair.std(axis=1).all():
            by_lag[days] = float(np.corrcoef(*pair)[0, 1])
    return by_lag


def _domain_mean(field: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """Return the mean over the valid cells of each time, NaN without any."""
    count = valid.sum(axis=(1, 2))
    total = np.where(valid, field, 0.0).sum(axis=(1, 2))
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
