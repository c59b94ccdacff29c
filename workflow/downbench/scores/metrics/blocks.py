"""CRPS of what each coarse cell holds: its largest fine value, and its wet share.

Both are functions of all fine cells of a coarse cell, so they tell apart ensembles whose cells are
right one by one and wrong together. The CRPS of a function of the field is a proper score.
"""

from collections.abc import Callable, Iterator

import numpy as np

from downbench.core.spatial.grids import to_blocks
from downbench.scores.context import Context
from downbench.scores.metric import DailyStatistic, Metric
from downbench.scores.paired_fields import PairedFields
from downbench.scores.proper_sums import proper_sums
from downbench.scores.statistics import Means, Statistics
from downbench.scores.table import Row

POSITION = 82
CRPS_BLOCK_MAXIMUM = Metric(
    name="crps_block_maximum",
    unit="{unit}",
    best="low",
    meaning="CRPS of the largest fine value in each coarse cell, which depends on all its cells.",
    definition="As `crps`, of the maximum over the valid cells of each block; `scale`: block side "
    "[cells].",
    lower_bound=0,
    heading="CRPS, block maximum",
    position=131,
    pairs=DailyStatistic("crps_block_maximum"),
)
CRPS_BLOCK_MAXIMUM_REFERENCE = CRPS_BLOCK_MAXIMUM.of_reference(
    "crps_block_maximum_reference", DailyStatistic("crps_block_maximum_reference")
)
CRPS_WET_FRACTION = Metric(
    name="crps_wet_fraction",
    unit="1",
    best="low",
    meaning="CRPS of the wet share of each coarse cell, which depends on all its cells.",
    definition="As `crps`, of the share of the valid cells of each block at or above "
    "`wet_day_mm_day`; `scale`: block side [cells].",
    lower_bound=0,
    heading="CRPS, wet fraction",
    position=132,
    pairs=DailyStatistic("crps_wet_fraction", intermittent_only=True),
)
CRPS_WET_FRACTION_REFERENCE = CRPS_WET_FRACTION.of_reference(
    "crps_wet_fraction_reference",
    DailyStatistic("crps_wet_fraction_reference", intermittent_only=True),
)
METRICS = (
    CRPS_BLOCK_MAXIMUM, CRPS_BLOCK_MAXIMUM_REFERENCE,
    CRPS_WET_FRACTION, CRPS_WET_FRACTION_REFERENCE,
)  # fmt: skip


def daily(fine: PairedFields, context: Context) -> Statistics:
    """Daily sums over blocks of the CRPS of their maximum and, for rain, of their wet share."""
    if any(side % context.factor for side in fine.reference.shape[1:]):
        return {}
    statistics = _scores("crps_block_maximum", _maximum, fine, context)
    if context.is_intermittent:
        statistics |= _scores("crps_wet_fraction", _wet_fraction, fine, context)

    return statistics


def _maximum(values: np.ndarray, valid: np.ndarray, context: Context) -> np.ndarray:
    """Largest of the `valid` (day, 1, y, x) of `values` (day, n, y, x) in each block."""
    return to_blocks(np.where(valid, values, -np.inf), context.factor).max(axis=(-3, -1))


def _wet_fraction(values: np.ndarray, valid: np.ndarray, context: Context) -> np.ndarray:
    wet = valid & (values >= context.settings.wet_day_mm_day)
    wet_cells, cells = (to_blocks(f, context.factor).sum(axis=(-3, -1)) for f in (wet, valid))
    return wet_cells / np.maximum(cells, 1)


def _scores(
    name: str,
    function: Callable[[np.ndarray, np.ndarray, Context], np.ndarray],
    fine: PairedFields,
    context: Context,
) -> Statistics:
    """CRPS of a function of blocks, and that of the reference's distribution if it is known."""
    valid = (fine.weight > 0)[:, None]
    weight = to_blocks(fine.weight, context.factor).sum(axis=(-3, -1))
    members, outcomes = (function(v, valid, context) for v in (fine.members, fine.outcomes))
    separate, has_redraws = context.separate_halves, fine.redraws is not None
    with np.errstate(invalid="ignore"):  # −∞ − (−∞) in blocks without a valid cell
        return proper_sums(name, members, outcomes, weight, separate, has_redraws)


def rows(means: Means, context: Context) -> Iterator[Row]:
    """`crps_block_maximum` and `crps_wet_fraction`, and their `_reference` if known."""
    for metric in METRICS:
        if metric.name in means:
            yield metric.row(means.scalar(metric.name), scale=context.factor)
