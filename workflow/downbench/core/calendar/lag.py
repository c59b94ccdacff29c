"""Check that a day of the driver is the same day of the target (trap T16)."""

from collections.abc import Mapping

import numpy as np
import xarray as xr

from downbench.core.calendar.dates import day_numbers
from downbench.core.errors import UserError
from downbench.core.spatial.grids import block_mean
from downbench.core.variables import TARGETS

LAGS_DAYS = (-1, 0, 1)
FEWEST_PAIRS = 60


def check(driver: xr.Dataset, target: xr.Dataset, factor: int, name: str) -> None:
    """Refuse a driver whose days fit the target's better when shifted by a day.

    Raises
    ------
    UserError
        Naming driver, variable and the correlation at each lag.
    """
    shared = set(TARGETS) & set(driver.data_vars) & set(target.data_vars)
    for variable in sorted(shared):
        area = target["cell_area"].values
        by_lag = correlations(driver[variable], target[variable], factor, area)
        if by_lag and max(by_lag, key=by_lag.get) != 0:
            raise UserError(
                f"driver {name}: {variable} fits the target best when shifted by a day "
                f"(correlation of domain means {listing(by_lag)}): shift its time stamps to the "
                "day of the target's value"
            )


def listing(by_lag: Mapping[int, float]) -> str:
    """Return the correlations at all lags as text."""
    return ", ".join(f"{days:+d} d: {value:.2f}" for days, value in by_lag.items())


def correlations(
    driver: xr.DataArray, target: xr.DataArray, factor: int, area: np.ndarray
) -> dict[int, float]:
    """Return the correlation of the domain means at each lag.

    Parameters
    ----------
    driver : (time, Y, X)
    target : (time, y, x)
        The same variable; times may differ and have gaps.
    factor
        Fine cells along one side of a coarse one.
    area : (y, x)
        Cell areas of the target [m2].

    Returns
    -------
    dict
        Lag [days] → correlation of the driver of a day with the target that many days later;
        empty where fewer than 60 such pairs exist.
    """
    driver, target = xr.align(driver, target, join="inner", exclude=("Y", "X", "y", "x"))
    coarse = block_mean(target.values, factor, area)
    valid = np.isfinite(coarse) & np.isfinite(driver.values)
    target_mean, driver_mean = (_domain_mean(field, valid) for field in (coarse, driver.values))
    day = np.round(day_numbers(driver["time"])).astype(int)
    return lagged(day, driver_mean, target_mean)


def lagged(day: np.ndarray, first: np.ndarray, second: np.ndarray) -> dict[int, float]:
    """Return the correlation of the first series with the second some days later.

    Parameters
    ----------
    day : (time,) int
        Day numbers, increasing; they may have gaps.
    first, second : (time,)
        NaN where missing.

    Returns
    -------
    dict
        Lag [days] → correlation; empty where fewer than 60 days are given. A lag without enough
        pairs, or at which nothing varies, is left out.
    """
    if len(day) < FEWEST_PAIRS:
        return {}
    by_lag = {}
    for days in LAGS_DAYS:
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
