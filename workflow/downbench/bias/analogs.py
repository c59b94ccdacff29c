"""Disaggregation by analogs: a past fine field, rescaled to target block means.

The last, optional step of BCSD (Wood et al. 2004): texture comes from a historical day, block
means from the corrected driver. With several past days it is an ensemble. The original rescales
block by block; here the correction is interpolated, so that blocks do not show (trap T31).
"""

import numpy as np

from downbench.bias.block_means import (
    MaskedBlocks,
    by_shift,
    exactly_by_factor,
    towards_by_factor,
)
from downbench.core.spatial.grids import fill_from_nearest


def nearest(patterns: np.ndarray, target: np.ndarray, pool: int) -> np.ndarray:
    """Return the indices of the `pool` patterns that are nearest to `target` in mean square.

    Parameters
    ----------
    patterns : (days, features)
        Coarse fields of past days in comparable units; NaN features are left out.
    target : (features,)
        The coarse field of the day to disaggregate.

    Returns
    -------
    (min(pool, days),) int, nearest first.
    """
    distance = np.nanmean((patterns - target) ** 2, axis=1)
    return np.argsort(distance, kind="stable")[:pool]


def rescale_rain(
    analogs: np.ndarray, target: np.ndarray, weights: np.ndarray, scaling_cap: float
) -> np.ndarray:
    """Multiply past rain fields smoothly so that block means equal the target ones.

    A past block with little rain would have to be multiplied by a large factor, and its few wet
    cells would become spikes. No cell is therefore multiplied by more than `scaling_cap`; what a
    block then lacks is spread over all its cells, all of it where the past block was dry
    (trap T25), fading towards blocks that lack nothing.

    Parameters
    ----------
    analogs : (member, y, x)
        Past rain [mm day-1]; NaN cells stay NaN.
    target : (Y, X)
        Target block means [mm day-1]; a missing block takes its nearest valid neighbour's.
    weights : (y, x)
        Cell areas [m2].
    scaling_cap
        Largest factor [1].

    Returns
    -------
    (member, y, x)
        Rain ≥ 0 whose block means are `target`. A dry cell stays dry in a block that the cap
        does not bind.
    """
    blocks = MaskedBlocks(analogs.shape[-1] // target.shape[-1], weights)
    past = analogs.astype(np.float64)
    ceiling = scaling_cap * past
    most = blocks.mean(ceiling)
    target = np.broadcast_to(fill_from_nearest(target), most.shape).astype(np.float64)
    reachable = _where_rain_fell(np.minimum(target, most), most)
    scaled = towards_by_factor(past, reachable, blocks, ceiling)
    scaled = _close(scaled, ceiling, target, blocks)
    lacking = np.where(target > most, target - blocks.mean(scaled), 0.0)

    return (scaled + _spread(lacking, scaled, blocks)).astype(np.float32)


def _where_rain_fell(means: np.ndarray, most: np.ndarray) -> np.ndarray:
    """Return targets, NaN in dry blocks, which take a neighbour's ratio unless all are dry."""
    has_rain = most > 0
    return np.where(has_rain | ~has_rain.any(axis=(-2, -1), keepdims=True), means, np.nan)


def _close(
    field: np.ndarray, ceiling: np.ndarray, target: np.ndarray, blocks: MaskedBlocks
) -> np.ndarray:
    """Reach exact block means below the ceiling: down by a factor, up towards the ceiling."""
    means, most = blocks.mean(field), blocks.mean(ceiling)
    with np.errstate(divide="ignore", invalid="ignore"):
        down = np.where(means > target, target / means, 1.0)
        rise = np.where((means < target) & (target <= most), (target - means) / (most - means), 0)

    return field * blocks.nearest(down) + blocks.nearest(rise) * (ceiling - field)


def _spread(lacking: np.ndarray, like: np.ndarray, blocks: MaskedBlocks) -> np.ndarray:
    """Return smooth rain on the valid cells of `like` whose block means are `lacking`."""
    flat = np.where(np.isfinite(like), 1.0, np.nan)
    return exactly_by_factor(towards_by_factor(flat, lacking, blocks), lacking, blocks)


def rescale_temperature(
    analogs: np.ndarray, target: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    """Shift past temperature fields smoothly so that block means equal the target ones.

    Shapes as in `rescale_rain`; temperatures in K.
    """
    blocks = MaskedBlocks(analogs.shape[-1] // target.shape[-1], weights)
    target = fill_from_nearest(target).astype(np.float64)
    return by_shift(analogs.astype(np.float64), target, blocks).astype(np.float32)
