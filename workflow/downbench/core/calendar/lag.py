"""Do driver and target mean the same day? Day boundaries and windows differ (trap T16)."""

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
        found = correlations(driver[variable], target[variable], factor, area)
        if found and max(found, key=found.get) != 0:
            told = ", ".join(f"{lag:+d} d: {value:.2f}" for lag, value in found.items())
            raise UserError(
                f"driver {name}: {variable} fits the target best when shifted by a day "
                f"(correlation of domain means {told}): shift its time stamps to the day that the "
                "target's value belongs to"
            )


def correlations(
    driver: xr.DataArray, target: xr.DataArray, factor: int, area: np.ndarray
) -> dict[int, float]:
    """Correlation of the domain means at each lag.

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
    if driver.sizes["time"] < FEWEST_PAIRS:
        return {}
    coarse = block_mean(target.values, factor, area)
    both = np.isfinite(coarse) & np.isfinite(driver.values)
    theirs, ours = (_domain_mean(field, both) for field in (coarse, driver.values))
    day = np.round(day_numbers(driver["time"])).astype(int)
    found = {}
    for lag in LAGS_DAYS:
        _, first, second = np.intersect1d(day + lag, day, return_indices=True)
        usable = np.isfinite(ours[first]) & np.isfinite(theirs[second])
        found[lag] = float(np.corrcoef(ours[first][usable], theirs[second][usable])[0, 1])
    return found


def _domain_mean(field: np.ndarray, where: np.ndarray) -> np.ndarray:
    """Mean over the chosen cells of each time, NaN where there is none."""
    count = where.sum(axis=(1, 2))
    total = np.where(where, field, 0.0).sum(axis=(1, 2))
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
