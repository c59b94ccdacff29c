"""Correction of fine fields to target block means, without steps at block edges (trap T31).

One factor or shift per block would step at every edge. Interpolated corrections come first, again
and again, since interpolation changes block means. The small remainder is removed exactly by one
factor or shift per block.
"""

from typing import Protocol

import numpy as np

TINY = np.float32(1e-20)


class Blocks(Protocol):
    """Coarsening and interpolation between a fine grid and its blocks."""

    def mean(self, field: np.ndarray) -> np.ndarray:
        """(…, y, x) → (…, Y, X), area weighted."""

    def up(self, coarse: np.ndarray) -> np.ndarray:
        """(…, Y, X) → (…, y, x), bilinear."""

    def nearest(self, coarse: np.ndarray) -> np.ndarray:
        """(…, Y, X) → (…, y, x), each block constant."""


def scale_smoothly(
    field: np.ndarray,
    target: np.ndarray,
    blocks: Blocks,
    sweeps: int,
    fading_sweeps: int,
    ceiling: np.ndarray | None = None,
) -> np.ndarray:
    """Multiply by the interpolated ratio of target to actual block means, `sweeps` times.

    Parameters
    ----------
    field : (…, y, x)
        Values ≥ 0, any unit.
    target : (…, Y, X)
        Means to approach, same unit and leading axes.
    fading_sweeps
        In the first of the sweeps blocks whose target mean is 0 count as ratio 0, so that the
        field fades towards them; after that as 1.
    ceiling : (…, y, x), optional
        Largest value of each cell.

    Returns
    -------
    (…, y, x)
        Block means near `target`; cells of value 0 keep it.
    """
    for sweep in range(sweeps):
        ratio = target / np.maximum(blocks.mean(field), TINY)
        if sweep >= fading_sweeps:
            ratio[target == 0] = 1.0
        field = field * blocks.up(ratio)
        if ceiling is not None:
            field = np.minimum(field, ceiling)

    return field


def shift_smoothly(
    field: np.ndarray, target: np.ndarray, blocks: Blocks, sweeps: int
) -> np.ndarray:
    """Add the interpolated difference of target and actual block means, `sweeps` times.

    Shapes as in `scale_smoothly`; any unit.
    """
    for _ in range(sweeps):
        field = field + blocks.up(target - blocks.mean(field))

    return field


def exact_ratio(field: np.ndarray, target: np.ndarray, blocks: Blocks) -> np.ndarray:
    """Scale each block of `field` to its target mean, in float64; dry blocks become zero."""
    means = blocks.mean(field.astype(np.float64))
    ratio = np.where(target > 0, target / np.maximum(means, TINY), 0.0)
    return (field * blocks.nearest(ratio)).astype(np.float32)


def exact_shift(field: np.ndarray, target: np.ndarray, blocks: Blocks) -> np.ndarray:
    """Shift each block of `field` (float64) to its target mean."""
    return (field + blocks.nearest(target - blocks.mean(field))).astype(np.float32)
