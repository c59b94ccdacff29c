"""Fine fields brought to wanted block means without a step at the edges of blocks (trap T31).

One factor or shift per block would step at every edge. Interpolated corrections come first, again
and again, since interpolation changes block means; what they leave is small, and one factor or
shift per block closes it exactly.
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
    wanted: np.ndarray,
    blocks: Blocks,
    sweeps: int,
    fading_sweeps: int,
    ceiling: np.ndarray | None = None,
) -> np.ndarray:
    """Multiply by the interpolated ratio of wanted to found block means, `sweeps` times.

    Parameters
    ----------
    field : (…, y, x)
        Values ≥ 0, any unit.
    wanted : (…, Y, X)
        Means to approach, same unit and leading axes.
    fading_sweeps
        In the first of the sweeps blocks whose wanted mean is 0 count as ratio 0, so that the
        field fades towards them; after that as 1.
    ceiling : (…, y, x), optional
        Largest value of each cell.

    Returns
    -------
    (…, y, x)
        Block means near `wanted`; cells of value 0 keep it.
    """
    for sweep in range(sweeps):
        ratio = wanted / np.maximum(blocks.mean(field), TINY)
        if sweep >= fading_sweeps:
            ratio[wanted == 0] = 1.0
        field = field * blocks.up(ratio)
        if ceiling is not None:
            field = np.minimum(field, ceiling)

    return field


def shift_smoothly(
    field: np.ndarray, wanted: np.ndarray, blocks: Blocks, sweeps: int
) -> np.ndarray:
    """Add the interpolated difference of wanted and found block means, `sweeps` times.

    Shapes as in `scale_smoothly`; any unit.
    """
    for _ in range(sweeps):
        field = field + blocks.up(wanted - blocks.mean(field))

    return field


def exact_ratio(field: np.ndarray, wanted: np.ndarray, blocks: Blocks) -> np.ndarray:
    """Scale each block of `field` to its wanted mean, in float64; dry blocks become zero."""
    found = blocks.mean(field.astype(np.float64))
    ratio = np.where(wanted > 0, wanted / np.maximum(found, TINY), 0.0)
    return (field * blocks.nearest(ratio)).astype(np.float32)


def exact_shift(field: np.ndarray, wanted: np.ndarray, blocks: Blocks) -> np.ndarray:
    """Shift each block of `field` (float64) to its wanted mean."""
    return (field + blocks.nearest(wanted - blocks.mean(field))).astype(np.float32)
