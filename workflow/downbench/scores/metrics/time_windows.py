"""Scores of windows of consecutive days: do days vary together as they should?

Scores of single days are blind to memory: members that are exchanged between days keep them. Means
over days and patches in space and time have another spread. The scores are proper, since those of
functions of several days are; no window crosses a gap, and a window belongs to its last day.
"""

from collections.abc import Iterator

import numpy as np

from downbench.core.metric_names import WINDOW_SCALES
from downbench.scores.context import Context
from downbench.scores.day_windows import window
from downbench.scores.metric import DailyStatistic, Metric
from downbench.scores.metrics.patches import patch_sums, scaled, sides
from downbench.scores.paired_fields import PairedFields
from downbench.scores.proper_sums import proper_sums
from downbench.scores.statistics import Means, Statistics
from downbench.scores.table import Row

POSITION = 86
MEAN_DAYS, PATCH_SIDE = WINDOW_SCALES["crps_window_mean"], WINDOW_SCALES["energy_score_window"]
PATCH_DAYS = 2
CRPS_WINDOW_MEAN = Metric(
    name="crps_window_mean",
    unit="{unit}",
    best="low",
    meaning="CRPS of means over three consecutive {day}s in each cell, which shows whether {day}s "
    "vary together.",
    definition="As `crps`, of the mean over every window of 3 days without a gap, which counts on "
    "its last day; for rain a third of the CRPS of the sum. `scale`: days of the window.",
    lower_bound=0,
    heading="CRPS, 3-{day} means",
    position=134,
    pairs=DailyStatistic("crps_window_mean"),
)
CRPS_WINDOW_MEAN_REFERENCE = CRPS_WINDOW_MEAN.of_reference(
    "crps_window_mean_reference", DailyStatistic("crps_window_mean_reference")
)
ENERGY_SCORE_WINDOW = Metric(
    name="energy_score_window",
    unit="{unit}",
    best="low",
    meaning="Energy score of patches of cells on two consecutive {day}s, which shows whether "
    "neighbours and {day}s vary together.",
    definition="As `energy_score_patch`, of 2 × 2 cells × 2 days without a gap, which count on "
    "the last day. `scale`: side of the patch [cells].",
    lower_bound=0,
    heading="Energy score, patches of 2 {day}s",
    position=135,
    pairs=DailyStatistic("energy_score_window"),
)
ENERGY_SCORE_WINDOW_REFERENCE = ENERGY_SCORE_WINDOW.of_reference(
    "energy_score_window_reference", DailyStatistic("energy_score_window_reference")
)
SCALES = {
    CRPS_WINDOW_MEAN: MEAN_DAYS,
    CRPS_WINDOW_MEAN_REFERENCE: MEAN_DAYS,
    ENERGY_SCORE_WINDOW: PATCH_SIDE,
    ENERGY_SCORE_WINDOW_REFERENCE: PATCH_SIDE,
}


def daily(fine: PairedFields, context: Context) -> Statistics:
    """Sums over the cells, or patches, of the windows that end on each day; none of events."""
    if fine.run_days is None or not context.is_daily:
        return {}
    statistics = _mean(fine, context)
    if PATCH_SIDE in sides(context):
        statistics |= _energy(fine, context)

    return statistics


def _mean(fine: PairedFields, context: Context) -> Statistics:
    members, outcomes, weight = window(fine, MEAN_DAYS)
    means = (sum(values) / np.float32(MEAN_DAYS) for values in (members, outcomes))
    separate, has_redraws = context.separate_halves, fine.redraws is not None

    return proper_sums("crps_window_mean", *means, weight, separate, has_redraws)


def _energy(fine: PairedFields, context: Context) -> Statistics:
    *deviations, weight = window(fine, PATCH_DAYS)

    def stacked(days: list[np.ndarray]) -> np.ndarray:
        """(day, n, day of the window, y, x), whose sum of squares over a patch is their mean."""
        deviations = [scaled(values, weight, PATCH_SIDE) for values in days]
        return np.stack(deviations, axis=2) / np.float32(np.sqrt(PATCH_DAYS))

    def distance(first: np.ndarray, second: np.ndarray) -> np.ndarray:
        return np.sqrt(patch_sums(((first - second) ** 2).sum(axis=1), PATCH_SIDE))

    patches = patch_sums(weight, PATCH_SIDE)
    members, outcomes = map(stacked, deviations)
    separate, has_redraws = context.separate_halves, fine.redraws is not None

    return proper_sums(
        "energy_score_window", members, outcomes, patches, separate, has_redraws, distance
    )


def rows(means: Means, context: Context) -> Iterator[Row]:
    """Both scores and, where it is known, their `_reference`; none without consecutive days."""
    for metric, scale in SCALES.items():
        if means.times.get(metric.name):
            yield metric.row(means.scalar(metric.name), scale, times=means.times[metric.name])
