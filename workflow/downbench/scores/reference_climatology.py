"""The truth's own climate over the evaluated days: tail thresholds, floors of likelihoods."""

import numpy as np

from downbench.core.config.evaluation import Evaluation
from downbench.scores.context import RAIN, Climate
from downbench.scores.metrics.distribution import histogram, quantiles

DAYS_AT_ONCE = 50


def climate(truth: np.ndarray, area: np.ndarray, variable: str, settings: Evaluation) -> Climate:
    """Area-weighted climate of `truth` (day, y, x) over its valid cells, some days at a time.

    A value that no cell gives is NaN, such as the tail of rain where it never rained.
    """
    is_rain = variable == RAIN
    threshold = settings.wet_day_mm_day if is_rain else -np.inf
    sums, tail = np.zeros(5), np.zeros(1)
    for start in range(0, len(truth), DAYS_AT_ONCE):
        part = truth[start : start + DAYS_AT_ONCE].astype(np.float64)
        weight = np.where(np.isfinite(part), area, 0.0)
        part = np.where(weight > 0, part, 0.0)
        wet = weight * (part >= threshold)
        excess = part - threshold if is_rain else np.zeros_like(part)
        products = (weight, weight * part, weight * part**2, wet, wet * excess)
        sums += [product.sum() for product in products]
        tail = tail + histogram(part[:, None], wet, is_rain).total.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean, square, excess_mean = sums[1] / sums[0], sums[2] / sums[0], sums[4] / sums[3]
        tails = quantiles(tail / sums[3], settings.tail_percentiles, is_rain)
    deviation = float(np.sqrt(np.maximum(square - mean**2, 0)))

    return Climate(float(mean), deviation, float(excess_mean), tuple(map(float, tails)))
