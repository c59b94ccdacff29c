"""Example days for the maps: the wettest evaluated day and a typical one."""

import numpy as np
import xarray as xr

from downbench.core.spatial.grids import block_mean, upsample_nearest
from downbench.core.variables import VARIABLES

MEMBERS_SHOWN = 3


def days_to_show(
    reference: np.ndarray, area: np.ndarray, variable: str, wet_day_mm_day: float
) -> dict[str, int]:
    """Return the days of largest and of median area mean of `reference` (day, y, x).

    For rain the median is taken over days whose area mean reaches the wet-day threshold, or over
    all days when none does. For a region without rain, `wettest` is its warmest day.
    """
    weight = np.where(np.isfinite(reference), area, 0.0)
    with np.errstate(invalid="ignore"):
        mean = np.nansum(reference * weight, axis=(1, 2)) / weight.sum(axis=(1, 2))
    valid = np.flatnonzero(np.isfinite(mean))
    if valid.size == 0:
        return {"wettest": 0, "typical": 0}
    wet = valid[mean[valid] >= wet_day_mm_day] if VARIABLES[variable].is_intermittent else valid
    candidates = wet if wet.size else valid
    order = candidates[np.argsort(mean[candidates], kind="stable")]

    return {"wettest": int(valid[np.argmax(mean[valid])]), "typical": int(order[len(order) // 2])}


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
