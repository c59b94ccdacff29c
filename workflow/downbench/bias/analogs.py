"""Disaggregation by analogs: a past fine field, rescaled to the wanted block means.

The last, optional step of BCSD (Wood et al. 2004): texture comes from a historical day, block
means from the corrected driver. With several past days it is an ensemble.
"""

import numpy as np

from downbench.core.grids import block_mean, fill_from_nearest, upsample_nearest


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
    analogs: np.ndarray, blocks: np.ndarray, weights: np.ndarray, scaling_cap: float
) -> np.ndarray:
    """Multiply each block of past rain fields so that its mean becomes the wanted one.

    A past block with little rain would have to be multiplied by a large factor, and its few wet
    cells would become spikes. The factor is therefore at most `scaling_cap`; what is then lacking
    is spread evenly over the block, all of it where the past block was dry (trap T25).

    Parameters
    ----------
    analogs : (member, y, x)
        Past rain [mm day-1]; NaN cells stay NaN.
    blocks : (Y, X)
        Wanted block means [mm day-1]; a missing block takes its nearest valid neighbour's.
    weights : (y, x)
        Cell areas [m2].
    scaling_cap
        Largest factor [1].

    Returns
    -------
    (member, y, x)
        Rain ≥ 0 whose block means are `blocks`.
    """
    factor = analogs.shape[-1] // blocks.shape[-1]
    wanted, found = fill_from_nearest(blocks), block_mean(analogs, factor, weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.where(found > 0, wanted / found, 0.0)
    capped = np.minimum(scale, scaling_cap)
    lacking = np.where((found > 0) & (scale <= scaling_cap), 0.0, wanted - capped * found)

    scaled = analogs * upsample_nearest(capped, factor) + upsample_nearest(lacking, factor)
    return np.where(np.isfinite(analogs), scaled, np.nan).astype(np.float32)


def rescale_temperature(
    analogs: np.ndarray, blocks: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    """Shift each block of past temperature fields so that its mean becomes the wanted one.

    Shapes as in `rescale_rain`; temperatures in K.
    """
    factor = analogs.shape[-1] // blocks.shape[-1]
    shift = fill_from_nearest(blocks) - block_mean(analogs, factor, weights)
    return (analogs + upsample_nearest(shift, factor)).astype(np.float32)
