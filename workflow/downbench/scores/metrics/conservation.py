"""How far the members' block means are from the driver's, where the driver is known exactly.

A perfect driver is the area-weighted block mean of the reference, so the reference alone gives the
distance; with other drivers there is no such number (traps T19, T23).
"""

from collections.abc import Iterator

import numpy as np

from downbench.scores.context import Context
from downbench.scores.metric import Metric
from downbench.scores.paired_fields import PairedFields, pooled
from downbench.scores.statistics import Means, Statistics, cell_sums
from downbench.scores.table import Row

POSITION = 100
BLOCK_MEAN_ERROR = Metric(
    name="block_mean_error",
    unit="{unit}",
    best="low",
    meaning="Mean absolute difference between block means of the members and the coarse input.",
    definition="mean|block mean of a member − block mean of the reference|; perfect driver type "
    "only, where the latter *is* the driver. `scale`: block side [cells].",
    lower_bound=0,
    heading="Block-mean error",
    position=220,
)


def daily(fine: PairedFields, context: Context) -> Statistics:
    """Daily sums of mean |block mean of a member − block mean of the reference|."""
    if not context.perfect:
        return {}
    coarse = pooled(fine, context.factor)
    distance = np.abs(coarse.deviation).mean(axis=1)

    return {"block_mean_error": cell_sums(distance, coarse.weight)}


def rows(means: Means, context: Context) -> Iterator[Row]:
    """`block_mean_error` [the variable's unit]; `scale` is the block side [cells]."""
    if context.perfect:
        yield BLOCK_MEAN_ERROR.row(means.scalar("block_mean_error"), scale=context.factor)
