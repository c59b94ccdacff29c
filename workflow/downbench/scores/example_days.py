"""Fields for the maps: the wettest evaluated day and a typical one."""

import numpy as np
import xarray as xr

from downbench.core.spatial.grids import block_mean, upsample_nearest

MEMBERS_SHOWN = 3
RAIN = "pr"


def days_to_show(
    truth: np.ndarray, area: np.ndarray, variable: str, wet_day_mm_day: float
) -> dict[str, int]:
    """Indices of the days of largest and of median area-mean of `truth` (day, y, x).

    For rain the median is taken over days whose area mean reaches the wet-day threshold, or over
    all days when none does. For a region without rain, `wettest` is its warmest day.
    """
    weight = np.where(np.isfinite(truth), area, 0.0)
    with np.errstate(invalid="ignore"):
        mean = np.nansum(truth * weight, axis=(1, 2)) / weight.sum(axis=(1, 2))
    known = np.flatnonzero(np.isfinite(mean))
    if known.size == 0:
        return {"wettest": 0, "typical": 0}
    wet = known[mean[known] >= wet_day_mm_day] if variable == RAIN else known
    candidates = wet if wet.size else known
    order = candidates[np.argsort(mean[candidates], kind="stable")]

    return {"wettest": int(known[np.argmax(mean[known])]), "typical": int(order[len(order) // 2])}


def variable_maps(
    name: str, members: np.ndarray, truth: np.ndarray, area: np.ndarray, factor: int
) -> dict[str, xr.Variable]:
    """Truth, block mean, ensemble mean, spread (ddof = 1) and the first three members.

    Parameters
    ----------
    name
        Variable.
    members : (day, member, y, x)
    truth : (day, y, x)
    area : (y, x)
        [m2]
    factor
        Block side of `coarse` [cells].
    """
    flat = ("day", "y", "x")
    coarse = upsample_nearest(block_mean(truth, factor, area), factor)
    if members.shape[1] > 1:
        spread = members.std(axis=1, ddof=1)
    else:
        spread = np.full_like(truth, np.nan)
    return {
        f"{name}_truth": xr.Variable(flat, truth),
        f"{name}_coarse": xr.Variable(flat, np.where(np.isfinite(truth), coarse, np.nan)),
        f"{name}_mean": xr.Variable(flat, members.mean(axis=1)),
        f"{name}_spread": xr.Variable(flat, spread),
        f"{name}_members": xr.Variable(("day", "member", "y", "x"), members[:, :MEMBERS_SHOWN]),
    }
