"""Example days for the maps: the wettest and the hottest evaluated day, and a typical one."""

from collections.abc import Mapping

import numpy as np
import xarray as xr

from downbench.core.spatial.grids import block_mean, upsample_nearest
from downbench.core.variables import VARIABLES

MEMBERS_SHOWN = 3


def days_to_show(
    reference: Mapping[str, np.ndarray], area: np.ndarray, wet_day_mm_day: float
) -> dict[str, int]:
    """Return the days with the largest area mean of each variable, and a typical one.

    Parameters
    ----------
    reference
        Fields (day, y, x) by variable; the first one selects the typical day: that of median area
        mean, for rain among days whose mean reaches the wet-day threshold, if there are any.
    area : (y, x)
        [m2]
    wet_day_mm_day
        [mm day-1]
    """
    means = {name: area_means(field, area) for name, field in reference.items()}
    days = {_extreme(name): _largest(mean) for name, mean in means.items()}
    leading = next(iter(means))
    fewest = wet_day_mm_day if VARIABLES[leading].is_intermittent else -np.inf
    return days | {"typical": _median(means[leading], fewest)}


def area_means(field: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Return the mean over the valid cells of each day (day,), NaN on a day without any."""
    weight = np.where(np.isfinite(field), area, 0.0)
    with np.errstate(invalid="ignore"):
        return np.nansum(field * weight, axis=(1, 2)) / weight.sum(axis=(1, 2))


def _extreme(variable: str) -> str:
    return "wettest" if VARIABLES[variable].is_intermittent else "hottest"


def _largest(mean: np.ndarray) -> int:
    return int(np.argmax(np.where(np.isfinite(mean), mean, -np.inf)))


def _median(mean: np.ndarray, fewest: float) -> int:
    """Return the day of the median among those that reach `fewest`; of all, when none does."""
    valid = np.flatnonzero(np.isfinite(mean))
    enough = valid[mean[valid] >= fewest]
    candidates = enough if enough.size else valid
    if not candidates.size:
        return 0
    order = candidates[np.argsort(mean[candidates], kind="stable")]
    return int(order[len(order) // 2])


def variable_maps(
    name: str, members: np.ndarray, reference: np.ndarray, area: np.ndarray, factor: int
) -> dict[str, xr.Variable]:
    """Return reference, block mean, ensemble mean, spread (ddof = 1) and the first three members.

    Parameters
    ----------
    name
        Variable.
    members : (day, member, y, x)
    reference : (day, y, x)
    area : (y, x)
        [m2]
    factor
        Block side of `coarse` [cells].
    """
    flat = ("day", "y", "x")
    coarse = upsample_nearest(block_mean(reference, factor, area), factor)
    if members.shape[1] > 1:
        spread = members.std(axis=1, ddof=1)
    else:
        spread = np.full_like(reference, np.nan)
    return {
        f"{name}_reference": xr.Variable(flat, reference),
        f"{name}_coarse": xr.Variable(flat, np.where(np.isfinite(reference), coarse, np.nan)),
        f"{name}_mean": xr.Variable(flat, members.mean(axis=1)),
        f"{name}_spread": xr.Variable(flat, spread),
        f"{name}_members": xr.Variable(("day", "member", "y", "x"), members[:, :MEMBERS_SHOWN]),
    }
