"""Energy score of small patches of cells: are neighbours right together?

Of a whole field the energy score hardly sees dependence: the distance of two fields of many cells
is nearly the same for all pairs. In patches of 2 × 2 and 4 × 4 cells it does.
"""

from collections.abc import Iterator

import numpy as np

from downbench.scores.context import Context
from downbench.scores.metric import DailyStatistic, Metric
from downbench.scores.paired_fields import PairedFields
from downbench.scores.proper_sums import proper_sums
from downbench.scores.statistics import Means, Statistics, side_by_side
from downbench.scores.table import Row

POSITION = 84
ENERGY_SCORE_PATCH = Metric(
    name="energy_score_patch",
    unit="{unit}",
    best="low",
    meaning="Energy score of patches of cells, which shows whether neighbours vary together.",
    definition="As `energy_score`, of patches of `scale` × `scale` cells side by side (2 and 4, "
    "where these are among `pooling_factors`), the mean over patches by area.",
    lower_bound=0,
    heading="Energy score, patches",
    position=133,
    pairs=DailyStatistic("energy_score_patch", "patch"),
)
ENERGY_SCORE_PATCH_REFERENCE = ENERGY_SCORE_PATCH.of_reference(
    "energy_score_patch_reference", DailyStatistic("energy_score_patch_reference", "patch")
)

SIDES = (2, 4)
"""Of the patches [cells]; powers of two."""


def sides(context: Context) -> tuple[int, ...]:
    """Sides of the patches that divide the grid [cells]."""
    return tuple(side for side in SIDES if side in context.pooling_factors)


def daily(fine: PairedFields, context: Context) -> Statistics:
    """Daily sums over patches of the energy score, for each side."""
    if not sides(context):
        return {}
    parts = [_scores(fine, side, context) for side in sides(context)]

    return {name: side_by_side(part[name] for part in parts) for name in parts[0]}


def _scores(fine: PairedFields, side: int, context: Context) -> Statistics:
    """Score of members and, with redraws, of the reference's distribution."""
    weight = patch_sums(fine.weight, side)

    def distance(first: np.ndarray, second: np.ndarray) -> np.ndarray:
        return np.sqrt(patch_sums((first - second) ** 2, side))

    members, outcomes = (
        scaled(deviation, fine.weight, side)
        for deviation in (fine.deviation, fine.outcome_deviation)
    )
    separate, has_redraws = context.separate_halves, fine.redraws is not None

    return proper_sums(
        "energy_score_patch", members, outcomes, weight, separate, has_redraws, distance
    )


def scaled(deviation: np.ndarray, weight: np.ndarray, side: int) -> np.ndarray:
    """Scale (day, n, y, x) so that a sum of squares over a patch is their mean over valid cells.

    `weight` (day, y, x): area of the valid cells [m2], else 0.
    """
    over = np.maximum(patch_sums(weight, side), 1e-300).repeat(side, axis=-2).repeat(side, axis=-1)
    factor = np.sqrt(weight / over)[:, None].astype(np.float32)
    return np.where(factor > 0, deviation, 0) * factor


def patch_sums(values: np.ndarray, side: int) -> np.ndarray:
    """Sums over patches of `side` × `side` cells of (…, y, x), pairs of rows and columns first."""
    while side > 1:
        rows = values[..., ::2, :] + values[..., 1::2, :]
        values, side = rows[..., ::2] + rows[..., 1::2], side // 2
    return values


def rows(means: Means, context: Context) -> Iterator[Row]:
    """`energy_score_patch` and, where it is known, its `_reference`, per side of the patch."""
    for metric in (ENERGY_SCORE_PATCH, ENERGY_SCORE_PATCH_REFERENCE):
        for column, side in enumerate(sides(context) if metric.name in means else ()):
            yield metric.row(means[metric.name][:, column], scale=side)
