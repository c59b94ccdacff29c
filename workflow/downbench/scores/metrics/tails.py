"""Threshold-weighted CRPS: the CRPS of max(x, t), which looks at values above t only.

The chaining function max(x, t) gives the weight 1 to every threshold above t (Gneiting and
Ranjan 2011; Allen et al. 2023). t is a percentile of the reference itself: of its wet values for
rain, of all its values otherwise, pooled over cells and evaluated days (trap T33). Choosing the
days by what happened instead would reward forecasts of doom.
"""

from collections.abc import Iterator

import numpy as np

from downbench.scores.context import Context
from downbench.scores.kernel_scores import mean_distance
from downbench.scores.metric import DailyStatistic, Metric
from downbench.scores.metrics.crps import members_of, spread_term
from downbench.scores.paired_fields import PairedFields
from downbench.scores.statistics import Means, Statistics, cell_sums, side_by_side
from downbench.scores.table import Row

POSITION = 40
TWCRPS = Metric(
    name="twcrps",
    unit="{unit}",
    best="low",
    meaning="CRPS that counts only what happens above the {threshold}th percentile of the "
    "reference.",
    definition="Fair CRPS of max(x, t), t = percentile `threshold` of the reference's wet values "
    "(variables with dry days) or of all its values, pooled over cells and evaluated days (from "
    "the histograms of `quantile`).",
    lower_bound=0,
    heading="Tail CRPS, P{threshold}",
    position=110,
    thresholds=(95, 99),
    headline=True,
    pairs=DailyStatistic("twcrps", "percentile"),
)


def daily(fine: PairedFields, context: Context) -> Statistics:
    """Daily sums of the twCRPS at every tail percentile."""
    scores = [
        threshold_weighted_crps(fine, np.float32(threshold), context)
        for threshold in context.climate.tails
    ]
    return {"twcrps": side_by_side(cell_sums(score, fine.weight) for score in scores)}


def threshold_weighted_crps(fine: PairedFields, threshold: float, context: Context) -> np.ndarray:
    """Fair twCRPS (day, y, x): the CRPS of max(x, t), taken from deviations to be exact."""
    least = threshold - fine.reference[:, None]
    outcomes = np.maximum(fine.outcome_deviation, least)
    members = np.maximum(members_of(fine, context), least)

    return mean_distance(members, outcomes) - spread_term(members, context)


def rows(means: Means, context: Context) -> Iterator[Row]:
    """`twcrps` per tail percentile."""
    for column, percentile in enumerate(context.settings.tail_percentiles):
        yield TWCRPS.row(means["twcrps"][:, column], threshold=percentile)
