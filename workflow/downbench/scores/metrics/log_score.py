"""Exact log score: the log density that the model's distribution gives to the reference.

It exists where the density of single cells is known: heads of networks, mixtures of them, and the
oracle's temperature. `likelihood` estimates a density from members and judges nothing.
"""

from collections.abc import Iterator

from downbench.scores.context import Context
from downbench.scores.metric import DailyStatistic, Metric
from downbench.scores.paired_fields import PairedFields
from downbench.scores.statistics import Means, Statistics, cell_sums
from downbench.scores.table import Row

POSITION = 89
LOG_SCORE = Metric(
    name="log_score",
    unit="nat",
    best="high",
    meaning="Mean logarithm of the exact density that the model gives to the reference in single "
    "cells. Only models whose density is known have one.",
    definition="Rain: of the probability of a dry cell (below 0.1 mm day⁻¹), or of the density "
    "per mm day⁻¹. See below.",
    heading="Log score, exact",
    position=195,
    seasonal=True,
    pairs=DailyStatistic("log_score"),
)
LOG_SCORE_DRY = Metric(
    name="log_score_dry",
    unit="nat",
    best="none",
    meaning="The same where the reference is dry. It conditions on the outcome, so it describes "
    "but must not rank models.",
    definition="Reference < `wet_day_mm_day`.",
)
LOG_SCORE_WET = Metric(
    name="log_score_wet",
    unit="nat",
    best="none",
    meaning="The same where the reference is wet.",
    definition="Reference ≥ `wet_day_mm_day`.",
)
METRICS = (LOG_SCORE, LOG_SCORE_DRY, LOG_SCORE_WET)


def daily(fine: PairedFields, context: Context) -> Statistics:
    """Daily sums of the log density; for rain also of its dry and its wet part."""
    if fine.log_density is None:
        return {}
    sums = {"log_score": cell_sums(fine.log_density, fine.weight)}
    if context.is_intermittent:
        wet = fine.reference >= context.settings.wet_day_mm_day
        sums["log_score_dry"] = cell_sums(fine.log_density, fine.weight * ~wet)
        sums["log_score_wet"] = cell_sums(fine.log_density, fine.weight * wet)
    return sums


def rows(means: Means, context: Context) -> Iterator[Row]:
    """`log_score`, for rain with `_dry` and `_wet`; nothing without a density."""
    for metric in METRICS:
        if metric.name in means:
            yield metric.row(means.scalar(metric.name))
