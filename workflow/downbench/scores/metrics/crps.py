"""Continuous ranked probability score of ensembles, fair in the number of members.

CRPS = mean|x − y| − ½ mean|x − x'|. Its expectation does not depend on M (trap T2) if the second
mean is over pairs of different members: with the members sorted, it is Σ (2i − M − 1) x₍ᵢ₎ / (M (M
− 1)), i = 1 … M (Ferro 2014). Where even and odd members are seeded separately, it is over pairs
of an even and an odd one. A single member is a deterministic forecast, whose CRPS is its absolute
error. Where the distribution of the reference is known, the score is a mean over many outcomes of
each day, and ½ mean|y − y'| of these is the best possible one.
"""

from collections.abc import Iterator

import numpy as np

from downbench.scores.context import Context
from downbench.scores.kernel_scores import half_spread, mean_distance
from downbench.scores.metric import DailyStatistic, Metric
from downbench.scores.paired_fields import PairedFields, pooled
from downbench.scores.statistics import Means, Statistic, Statistics, cell_sums, side_by_side
from downbench.scores.table import Row

POSITION = 10
CRPS = Metric(
    name="crps",
    unit="{unit}",
    best="low",
    meaning="Fair continuous ranked probability score: distance between the ensemble and what "
    "came, free of the bias of small ensembles. For a single field it is the mean absolute error.",
    definition="mean|x−y| − ½ mean|x−x'| over pairs of different members, or across halves that "
    "are seeded separately; y: the reference, or its redraws. `scale`: fields averaged over 1, 2, "
    "4, 8 cells first (`pooling_factors`: from 1, each dividing the next); factors that do not "
    "divide the grid are left out.",
    lower_bound=0,
    heading="CRPS",
    position=10,
    headline=True,
    seasonal=True,
    at_stations="seasons",
    pairs=DailyStatistic("crps", "scale"),
)
CRPS_REFERENCE = CRPS.of_reference("crps_reference", DailyStatistic("crps_reference", "scale"))
CRPS_WET = Metric(
    name="crps_wet",
    unit="{unit}",
    best="none",
    meaning="Fair CRPS where the reference is wet. It conditions on the outcome, so it describes "
    "but must not rank models alone: a model that always rains gains by it.",
    definition="The same over cells with reference ≥ `wet_day_mm_day`.",
    lower_bound=0,
    heading="CRPS, wet",
    position=50,
    headline=True,
    seasonal=True,
    at_stations="seasons",
    pairs=DailyStatistic("crps_wet"),
)


def fair_crps(members: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Fair CRPS of `members` (day, member, y, x) against `reference` (day, y, x)."""
    deviation = members - reference[:, None]
    return np.abs(deviation).mean(axis=1) - sorted_half_spread(np.sort(deviation, axis=1))


def sorted_half_spread(ordered: np.ndarray) -> np.ndarray | float:
    """½ mean|x − x'| over pairs of different members, sorted (day, member, …), (day, …)."""
    size = ordered.shape[1]
    if size == 1:
        return 0.0
    rank = np.arange(1, size + 1, dtype=ordered.dtype)
    factors = (2 * rank - size - 1) / (size * (size - 1))

    return np.einsum("m,tm...->t...", factors, ordered)


def members_of(fine: PairedFields, context: Context) -> np.ndarray:
    """Members minus reference (day, member, y, x), in the order that `spread_term` needs."""
    return fine.deviation if context.separate_halves else fine.ordered


def spread_term(members: np.ndarray, context: Context) -> np.ndarray | float:
    """½ mean|x − x'| of each cell (day, y, x), of fields in the order of `members_of`."""
    if context.separate_halves:
        return half_spread(members, separate=True)
    return sorted_half_spread(members)


def daily(fine: PairedFields, context: Context) -> Statistics:
    """Daily sums of the CRPS at every pooling factor, and over wet cells for rain."""
    levels = [pooled(fine, factor) for factor in context.pooling_factors]
    spreads = [spread_term(members_of(level, context), context) for level in levels]
    statistics = {"crps": side_by_side(map(_sums, levels, spreads))}
    if fine.redraws is not None:
        statistics["crps_reference"] = side_by_side(map(_reference_sums, levels))
    if context.is_intermittent:
        wet = fine.reference >= context.settings.wet_day_mm_day
        point = np.abs(fine.deviation).mean(axis=1) - spreads[0]
        statistics["crps_wet"] = cell_sums(point, fine.weight * wet)

    return statistics


def _sums(level: PairedFields, spread: np.ndarray | float) -> Statistic:
    return cell_sums(
        mean_distance(level.deviation, level.outcome_deviation) - spread, level.weight
    )


def _reference_sums(level: PairedFields) -> Statistic:
    return cell_sums(sorted_half_spread(np.sort(level.outcome_deviation, axis=1)), level.weight)


def rows(means: Means, context: Context) -> Iterator[Row]:
    """`crps` and `crps_reference` per pooling factor, `crps_wet` where the reference is wet."""
    for metric in (CRPS, CRPS_REFERENCE):
        for column, factor in enumerate(context.pooling_factors if metric.name in means else ()):
            yield metric.row(means[metric.name][:, column], scale=factor)
    if context.is_intermittent:
        yield CRPS_WET.row(means.scalar("crps_wet"), scale=1)
