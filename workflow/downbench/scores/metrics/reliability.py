"""Brier score and reliability of the probability of rain at or above thresholds.

The probability is the share of members at or above the threshold. The Brier score is the fair
one, (p − o)² − p (1 − p) / (M − 1) (Ferro 2014), or (p₁ − o) (p₂ − o) with the shares in two
halves that are seeded separately: its integral over thresholds is the fair CRPS.
"""

from collections.abc import Iterator

import numpy as np

from downbench.core.member_halves import halves
from downbench.scores.context import Context
from downbench.scores.metric import DailyStatistic, Metric
from downbench.scores.paired_fields import PairedFields
from downbench.scores.statistics import Means, Statistic, Statistics, cell_sums, side_by_side
from downbench.scores.table import Row

POSITION = 60
BRIER = Metric(
    name="brier",
    unit="1",
    best="low",
    meaning="Fair Brier score of the probability of rain at or above a threshold.",
    definition="(p−o)² − p(1−p)/(M−1), or (p₁−o)(p₂−o) with separately seeded halves, per "
    "`threshold` (≥).",
    lower_bound=0,
    pairs=DailyStatistic("brier", "threshold"),
)
RELIABILITY_FORECAST = Metric(
    name="reliability_forecast",
    unit="1",
    best="none",
    meaning="Mean forecast probability in each tenth of probability.",
    definition="`scale` = the tenth's centre, `threshold` [mm day⁻¹].",
    lower_bound=0,
    curve=True,
)
RELIABILITY_OBSERVED = Metric(
    name="reliability_observed",
    unit="1",
    best="none",
    meaning="Observed frequency in the same bins.",
    lower_bound=0,
    curve=True,
)
RELIABILITY_COUNT = Metric(
    name="reliability_count",
    unit="1",
    best="none",
    meaning="Number of forecasts in the same bins, cells counted by their area.",
    curve=True,
)

BINS = 10


def daily(fine: PairedFields, context: Context) -> Statistics:
    """Daily sums per threshold, and per threshold and bin of forecast probability."""
    if not context.is_intermittent:
        return {}
    briers, forecasts, events, shares = [], [], [], []
    for threshold in context.settings.reliability_thresholds_mm_day:
        probability = (fine.members >= threshold).mean(axis=1)
        event = (fine.reference >= threshold).astype(np.float64)
        briers.append(cell_sums(_brier(fine, threshold, context), fine.weight))
        forecast, observed, area = _binned(probability, event, fine.weight)
        forecasts.append(Statistic(forecast, area))
        events.append(Statistic(observed, area))
        shares.append(Statistic(area, area.sum(axis=1, keepdims=True)))

    return {
        "brier": side_by_side(briers),
        "reliability_forecast": side_by_side(forecasts),
        "reliability_observed": side_by_side(events),
        "reliability_count": side_by_side(shares),
    }


def _brier(fine: PairedFields, threshold: float, context: Context) -> np.ndarray:
    frequency = (fine.outcomes >= threshold).mean(axis=1)
    members = fine.members >= threshold
    if not context.separate_halves:
        return fair_brier(members.mean(axis=1), frequency, fine.size)
    even, odd = (half.mean(axis=1) for half in halves(members))

    return frequency - frequency * (even + odd) + even * odd


def fair_brier(probability: np.ndarray, frequency: np.ndarray, members: int) -> np.ndarray:
    """Mean (p − o)² over outcomes, less the share of it that a finite ensemble adds.

    `frequency`: mean of the outcomes o, each 0 or 1.
    """
    score = frequency - 2 * frequency * probability + probability**2
    if members == 1:
        return score

    return score - probability * (1 - probability) / (members - 1)


def _binned(
    probability: np.ndarray, event: np.ndarray, weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Area-weighted sums of forecast and outcome and the area, each (day, bin)."""
    days = len(probability)
    number = np.minimum((probability * BINS + 1e-9).astype(int), BINS - 1)
    flat = (number + BINS * np.arange(days)[:, None, None]).ravel()

    def sums(values: np.ndarray) -> np.ndarray:
        return np.bincount(flat, values.ravel(), days * BINS).reshape(days, BINS)

    return sums(probability * weight), sums(event * weight), sums(weight)


def rows(means: Means, context: Context) -> Iterator[Row]:
    """`brier` per threshold; `reliability_*` per threshold and bin (`scale` = its centre).

    `reliability_count` is the number of forecasts in the bin, cells counted by their area.
    """
    if not context.is_intermittent:
        return
    for column, threshold in enumerate(context.settings.reliability_thresholds_mm_day):
        yield BRIER.row(means["brier"][:, column], threshold=threshold)
        for number in range(BINS):
            place, centre = column * BINS + number, (number + 0.5) / BINS
            for metric in (RELIABILITY_FORECAST, RELIABILITY_OBSERVED):
                value = means[metric.name][:, place]
                yield metric.row(value, scale=centre, threshold=threshold)
            count = means["reliability_count"][:, place] * context.forecasts
            yield RELIABILITY_COUNT.row(count, scale=centre, threshold=threshold)
