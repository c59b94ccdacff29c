"""Brier score and reliability of the probability of rain at or above thresholds.

The probability is the share of members at or above the threshold. The Brier score is the fair
one, (p − o)² − p (1 − p) / (M − 1) (Ferro 2014): its integral over thresholds is the fair CRPS.
"""

from collections.abc import Iterator

import numpy as np

from downbench.scores.context import Context
from downbench.scores.paired_fields import PairedFields
from downbench.scores.statistics import Means, Statistic, Statistics, cell_sums, side_by_side
from downbench.scores.table import Row

BINS = 10


def daily(fine: PairedFields, context: Context) -> Statistics:
    """Daily sums per threshold, and per threshold and bin of forecast probability."""
    if not context.is_rain:
        return {}
    briers, forecasts, events, shares = [], [], [], []
    for threshold in context.settings.reliability_thresholds_mm_day:
        probability = (fine.members >= threshold).mean(axis=1)
        event = (fine.reference >= threshold).astype(np.float64)
        briers.append(cell_sums(fair_brier(probability, event, fine.size), fine.weight))
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


def fair_brier(probability: np.ndarray, event: np.ndarray, members: int) -> np.ndarray:
    """Brier score with the share of it removed that a finite ensemble adds."""
    score = (probability - event) ** 2
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
    if not context.is_rain:
        return
    for column, threshold in enumerate(context.settings.reliability_thresholds_mm_day):
        yield Row("brier", means["brier"][:, column], threshold=threshold)
        for number in range(BINS):
            place, centre = column * BINS + number, (number + 0.5) / BINS
            for name in ("reliability_forecast", "reliability_observed"):
                yield Row(name, means[name][:, place], scale=centre, threshold=threshold)
            count = means["reliability_count"][:, place] * context.forecasts
            yield Row("reliability_count", count, scale=centre, threshold=threshold)
