"""Climatology of the reference over the evaluated days: tail thresholds, floors of likelihoods."""

import numpy as np

from downbench.core.config.evaluation import Evaluation
from downbench.core.variables import VARIABLES
from downbench.scores.context import ReferenceClimate
from downbench.scores.metrics.distribution import histogram, quantiles

DAYS_AT_ONCE = 50


def climate(
    reference: np.ndarray, area: np.ndarray, variable: str, settings: Evaluation
) -> ReferenceClimate:
    """Return the area-weighted climate of `reference` (day, y, x) over its valid cells.

    The days are processed in batches. A statistic without any value is NaN, such as the tail of
    rain where it never rained.
    """
    is_intermittent = VARIABLES[variable].is_intermittent
    threshold = settings.wet_day_mm_day if is_intermittent else -np.inf
    sums, tail = np.zeros(5), np.zeros(1)
    total, count = np.zeros((2, *area.shape))
    for start in range(0, len(reference), DAYS_AT_ONCE):
        values = reference[start : start + DAYS_AT_ONCE].astype(np.float64)
        weight = np.where(np.isfinite(values), area, 0.0)
        values = np.where(weight > 0, values, 0.0)
        total, count = total + values.sum(axis=0), count + (weight > 0).sum(axis=0)
        wet = weight * (values >= threshold)
        excess = values - threshold if is_intermittent else np.zeros_like(values)
        products = (weight, weight * values, weight * values**2, wet, wet * excess)
        sums += [product.sum() for product in products]
        tail = tail + histogram(values[:, None], wet, variable).total.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean, square, excess_mean = sums[1] / sums[0], sums[2] / sums[0], sums[4] / sums[3]
        tails = quantiles(tail / sums[3], settings.tail_percentiles, variable)
        field = (total / count).astype(np.float32)
    deviation = float(np.sqrt(np.maximum(square - mean**2, 0)))

    tails = tuple(map(float, tails))
    return ReferenceClimate(float(mean), deviation, float(excess_mean), tails, field)
