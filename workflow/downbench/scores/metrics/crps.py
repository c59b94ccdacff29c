"""Continuous ranked probability score of ensembles, fair in the number of members.

With the members sorted, CRPS = mean|x − y| − Σ (2i − M − 1) x₍ᵢ₎ / (M (M − 1)), i = 1 … M
(Ferro 2014): its expectation does not depend on M (trap T2). A single member is a
deterministic forecast, whose CRPS is its absolute error.
"""

from collections.abc import Iterator

import numpy as np

from downbench.scores.context import Context
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
    definition="mean|x−y| − Σ(2i−M−1)x₍ᵢ₎ / (M(M−1)). `scale`: fields averaged over 1, 2, 4, 8 "
    "cells first (`pooling_factors`: from 1, each dividing the next); factors that do not divide "
    "the grid are left out.",
    lower_bound=0,
    heading="CRPS",
    position=10,
    headline=True,
    seasonal=True,
    at_stations="seasons",
    pairs=DailyStatistic("crps", "scale"),
)
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
    return fair_crps_sorted(np.sort(members - reference[:, None], axis=1))


def fair_crps_sorted(ordered: np.ndarray) -> np.ndarray:
    """Fair CRPS from the sorted deviations x − y, (day, member, y, x) → (day, y, x)."""
    size = ordered.shape[1]
    error = np.abs(ordered).mean(axis=1)
    if size == 1:
        return error
    rank = np.arange(1, size + 1, dtype=ordered.dtype)
    factors = (2 * rank - size - 1) / (size * (size - 1))

    return error - np.einsum("m,tmyx->tyx", factors, ordered)


def daily(fine: PairedFields, context: Context) -> Statistics:
    """Daily sums of the CRPS at every pooling factor, and over wet cells for rain."""
    point = fair_crps_sorted(fine.ordered)
    single = cell_sums(point, fine.weight)
    pooled_sums = [
        single if factor == 1 else _pooled_sums(fine, factor) for factor in context.pooling_factors
    ]
    statistics = {"crps": side_by_side(pooled_sums)}
    if context.is_intermittent:
        wet = fine.reference >= context.settings.wet_day_mm_day
        statistics["crps_wet"] = cell_sums(point, fine.weight * wet)

    return statistics


def _pooled_sums(fine: PairedFields, factor: int) -> Statistic:
    coarse = pooled(fine, factor)
    return cell_sums(fair_crps_sorted(coarse.ordered), coarse.weight)


def rows(means: Means, context: Context) -> Iterator[Row]:
    """`crps` per pooling factor, and `crps_wet` where the reference is wet."""
    for column, factor in enumerate(context.pooling_factors):
        yield CRPS.row(means["crps"][:, column], scale=factor)
    if context.is_intermittent:
        yield CRPS_WET.row(means.scalar("crps_wet"), scale=1)
