"""Seams at the edges of the coarse cells (trap T31).

Neighbouring fine cells differ on average as much across the edge of two blocks as inside one. A
field that repeats or rescales its coarse cells steps at their edges; one sampled in pieces does so
where the pieces meet.
"""

from collections.abc import Iterator

import numpy as np

from downbench.scores.context import Context
from downbench.scores.metric import Metric
from downbench.scores.paired_fields import PairedFields
from downbench.scores.statistics import Means, Statistic, Statistics, cell_sums, side_by_side
from downbench.scores.table import Row

POSITION = 110
SEAM_INDEX = Metric(
    name="seam_index",
    unit="1",
    best="reference",
    meaning="Mean step between neighbouring cells across the edges of coarse cells over that "
    "inside them. Above the reference's, near 1, the coarse cells show through.",
    definition="Each averaged over y and x (means over members, cells and days first); 1 = no "
    "trace of the blocks, ∞ for repeated coarse cells, somewhat above 1 for bilinear "
    "interpolation (steepest between the centres of coarse cells). Block side `scale`: the "
    "target's attribute `factor`, without it the largest pooling factor.",
    lower_bound=0,
    heading="Seams",
    position=100,
    headline=True,
)
SEAM_INDEX_REFERENCE = SEAM_INDEX.of_reference("seam_index_reference")


def daily(fine: PairedFields, context: Context) -> Statistics:
    """Daily sums of the mean steps of members and reference; nothing without blocks."""
    if context.factor == 1:
        return {}

    return {
        "seams": steps(fine.members, fine.weight, context.factor),
        "seams_reference": steps(fine.reference[:, None], fine.weight, context.factor),
    }


def steps(members: np.ndarray, weight: np.ndarray, factor: int) -> Statistic:
    """Absolute differences of neighbours, averaged over members.

    Parameters
    ----------
    members : (day, member, y, x)
    weight : (day, y, x)
        0 where a cell is missing; a pair weighs as the lesser of its cells.
    factor
        Fine cells along one side of a block.

    Returns
    -------
    (day, 4)
        Across edges and inside blocks along y, then the same along x.
    """
    return side_by_side(
        part for axis in (-2, -1) for part in _along(members, weight, factor, axis)
    )


def _along(
    members: np.ndarray, weight: np.ndarray, factor: int, axis: int
) -> tuple[Statistic, Statistic]:
    step = np.abs(np.diff(members, axis=axis)).mean(axis=1)
    area = np.minimum(np.delete(weight, 0, axis), np.delete(weight, -1, axis))
    is_edge = np.arange(1, members.shape[axis]) % factor == 0
    across, inside = (
        cell_sums(np.compress(mask, step, axis), np.compress(mask, area, axis))
        for mask in (is_edge, ~is_edge)
    )

    return across, inside


def rows(means: Means, context: Context) -> Iterator[Row]:
    """`seam_index` [1] and `seam_index_reference`; `scale` is the block side [cells]."""
    for metric, statistic in ((SEAM_INDEX, "seams"), (SEAM_INDEX_REFERENCE, "seams_reference")):
        if statistic in means:
            yield metric.row(index(means[statistic]), scale=context.factor)


def index(step: np.ndarray) -> np.ndarray:
    """Step across edges over step inside blocks, both averaged over y and x: (…, 4) → (…).

    1 for a field without a trace of the blocks, infinite for one that is constant in each, NaN
    for one that is constant everywhere or has a single block along an axis.
    """
    across, inside = step[..., 0] + step[..., 2], step[..., 1] + step[..., 3]
    with np.errstate(invalid="ignore", divide="ignore"):
        return across / inside
