"""Disaggregation by analogs: a past fine field, rescaled to the wanted block means.

The last, optional step of BCSD (Wood et al. 2004): texture comes from a historical day, block
means from the corrected driver. With several past days it is an ensemble. The original rescales
block by block; here the correction is interpolated, so that blocks do not show (trap T31).
"""

from dataclasses import dataclass

import numpy as np

from downbench.core.spatial.block_correction import (
    exact_ratio,
    exact_shift,
    scale_smoothly,
    shift_smoothly,
)
from downbench.core.spatial.grids import (
    block_mean,
    fill_from_nearest,
    upsample_bilinear,
    upsample_nearest,
)

SWEEPS = 8
"""Interpolated corrections, after which twice as many change the CRPS by less than 0.1 % [1]."""
FADING_SWEEPS = 3
"""Of which fade rain towards dry blocks: each halves it at their edges [1]."""


@dataclass(frozen=True)
class MaskedBlocks:
    """Blocks of a grid whose missing cells are NaN; see `core.block_correction.Blocks`."""

    factor: int
    weights: np.ndarray

    def mean(self, field: np.ndarray) -> np.ndarray:
        """Return the block means of a fine field."""
        return block_mean(field, self.factor, self.weights)

    def up(self, coarse: np.ndarray) -> np.ndarray:
        """Return a coarse field on the fine grid, bilinear."""
        return upsample_bilinear(coarse, self.factor)

    def nearest(self, coarse: np.ndarray) -> np.ndarray:
        """Return a coarse field on the fine grid, constant in each block."""
        return upsample_nearest(coarse, self.factor)


def nearest(patterns: np.ndarray, wanted: np.ndarray, pool: int) -> np.ndarray:
    """Indices of the `pool` patterns with the smallest mean squared distance to `wanted`.

    Parameters
    ----------
    patterns : (days, features)
        Coarse fields of past days in comparable units; NaN features are left out.
    wanted : (features,)
        The coarse field of the day to disaggregate.

    Returns
    -------
    (min(pool, days),) int, nearest first.
    """
    distance = np.nanmean((patterns - wanted) ** 2, axis=1)
    return np.argsort(distance, kind="stable")[:pool]


def rescale_rain(
    analogs: np.ndarray, wanted: np.ndarray, weights: np.ndarray, scaling_cap: float
) -> np.ndarray:
    """Multiply past rain fields smoothly so that block means become the wanted ones.

    A past block with little rain would have to be multiplied by a large factor, and its few wet
    cells would become spikes. No cell is therefore multiplied by more than `scaling_cap`; what a
    block then lacks is spread over all its cells, all of it where the past block was dry
    (trap T25), fading towards blocks that lack nothing.

    Parameters
    ----------
    analogs : (member, y, x)
        Past rain [mm day-1]; NaN cells stay NaN.
    wanted : (Y, X)
        Wanted block means [mm day-1]; a missing block takes its nearest valid neighbour's.
    weights : (y, x)
        Cell areas [m2].
    scaling_cap
        Largest factor [1].

    Returns
    -------
    (member, y, x)
        Rain ≥ 0 whose block means are `wanted`. A dry cell stays dry in a block that the cap
        does not bind.
    """
    blocks = MaskedBlocks(analogs.shape[-1] // wanted.shape[-1], weights)
    past = analogs.astype(np.float64)
    ceiling = scaling_cap * past
    most = blocks.mean(ceiling)
    wanted = np.broadcast_to(fill_from_nearest(wanted), most.shape).astype(np.float64)
    goal = _where_rain_fell(np.minimum(wanted, most), most)
    scaled = scale_smoothly(past, goal, blocks, SWEEPS, FADING_SWEEPS, ceiling)
    scaled = _close(scaled, ceiling, wanted, blocks)
    lacking = np.where(wanted > most, wanted - blocks.mean(scaled), 0.0)

    return (scaled + _spread(lacking, scaled, blocks)).astype(np.float32)


def _where_rain_fell(goal: np.ndarray, most: np.ndarray) -> np.ndarray:
    """Dry blocks have no ratio and take a neighbour's, unless the whole field is dry."""
    has_rain = most > 0
    return np.where(has_rain | ~has_rain.any(axis=(-2, -1), keepdims=True), goal, np.nan)


def _close(
    field: np.ndarray, ceiling: np.ndarray, wanted: np.ndarray, blocks: MaskedBlocks
) -> np.ndarray:
    """Exact block means below the ceiling: down by a factor, up towards the ceiling."""
    found, most = blocks.mean(field), blocks.mean(ceiling)
    with np.errstate(divide="ignore", invalid="ignore"):
        down = np.where(found > wanted, wanted / found, 1.0)
        rise = np.where((found < wanted) & (wanted <= most), (wanted - found) / (most - found), 0)

    return field * blocks.nearest(down) + blocks.nearest(rise) * (ceiling - field)


def _spread(lacking: np.ndarray, like: np.ndarray, blocks: MaskedBlocks) -> np.ndarray:
    """Smooth rain on the valid cells of `like` whose block means are `lacking`."""
    flat = np.where(np.isfinite(like), 1.0, np.nan)
    return exact_ratio(
        scale_smoothly(flat, lacking, blocks, SWEEPS, FADING_SWEEPS), lacking, blocks
    )


def rescale_temperature(
    analogs: np.ndarray, wanted: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    """Shift past temperature fields smoothly so that block means become the wanted ones.

    Shapes as in `rescale_rain`; temperatures in K.
    """
    blocks = MaskedBlocks(analogs.shape[-1] // wanted.shape[-1], weights)
    wanted = fill_from_nearest(wanted).astype(np.float64)
    shifted = shift_smoothly(analogs.astype(np.float64), wanted, blocks, SWEEPS)

    return exact_shift(shifted, wanted, blocks)
