"""Log-likelihood of the reference under a distribution estimated from the members.

Continuous variables: Gaussian kernels, bandwidth 1.06 · min(s, IQR / 1.34) · M^(−1/5), at least
the `smallest_bandwidth` of the table of variables (0.05 K for temperature).
Rain: a mixed distribution. Below the wet-day threshold u it has the mass P0 = (n_dry + ½) / (M +
1); above, Gaussian kernels on ln x of the wet members (bandwidth 1.06 · s · n_wet^(−1/5), at
least 0.1, each kernel cut at ln u and renormalised) with the Jacobian 1 / y.
In both, the reference's climate of the evaluated days – a normal distribution, or an exponential
excess over u – has the weight of one more member, so that no outcome is impossible and a cell
without wet members still has a distribution. That floor is the same for every model.
A kernel estimate is not comparable with the density of a parametric head, and a single member has
none: its value is NaN.
"""

from collections.abc import Iterator

import numpy as np
from scipy.special import ndtr

from downbench.core.variables import VARIABLES
from downbench.scores.context import Context
from downbench.scores.metric import Metric
from downbench.scores.paired_fields import PairedFields
from downbench.scores.statistics import Means, Statistics, cell_sums
from downbench.scores.table import Row

POSITION = 90
LOG_LIKELIHOOD_KDE = Metric(
    name="log_likelihood_kde",
    unit="nat",
    best="none",
    meaning="Mean logarithm of the density that a kernel estimate from the members gives to "
    "the reference; for rain a mixed distribution with a chance of dry. It judges nothing: the "
    "estimate from a few members is not proper, and its error exceeds differences between models. "
    "A single field has no density.",
    definition="See below; NaN for M = 1.",
    heading="Log-likelihood, kernel estimate",
    position=200,
    needs_ensemble=True,
)
LOG_LIKELIHOOD_KDE_DRY = Metric(
    name="log_likelihood_kde_dry",
    unit="nat",
    best="none",
    meaning="The same where the reference is dry.",
    needs_ensemble=True,
)
LOG_LIKELIHOOD_KDE_WET = Metric(
    name="log_likelihood_kde_wet",
    unit="nat",
    best="none",
    meaning="The same where the reference is wet.",
    needs_ensemble=True,
)
METRICS = (LOG_LIKELIHOOD_KDE, LOG_LIKELIHOOD_KDE_DRY, LOG_LIKELIHOOD_KDE_WET)

SMALLEST_BANDWIDTH_LOG = 0.1
SMALLEST_WET_MM_DAY = 0.1
SILVERMAN = 1.06


def daily(fine: PairedFields, context: Context) -> Statistics:
    """Daily sums of the log-likelihood; for rain also of its dry and its wet part."""
    if fine.size == 1:
        return {}
    if not context.is_intermittent:
        climate = context.climate
        smallest = VARIABLES[context.variable].require("smallest_bandwidth")
        mean, deviation = climate.mean, climate.deviation
        value = continuous(fine.ordered, fine.reference, mean, deviation, smallest)
        return {"log_likelihood_kde": cell_sums(value, fine.weight)}
    threshold = max(context.settings.wet_day_mm_day, SMALLEST_WET_MM_DAY)
    value = rain(fine.members, fine.reference, threshold, context.climate.wet_excess)
    wet = fine.reference >= threshold
    return {
        "log_likelihood_kde": cell_sums(value, fine.weight),
        "log_likelihood_kde_dry": cell_sums(value, fine.weight * ~wet),
        "log_likelihood_kde_wet": cell_sums(value, fine.weight * wet),
    }


def continuous(
    ordered: np.ndarray, reference: np.ndarray, mean: float, deviation: float, smallest: float
) -> np.ndarray:
    """Return the log density [ln unit-1] of a continuous variable at the reference, (day, y, x).

    Parameters
    ----------
    ordered : (day, member, y, x)
        Sorted members minus reference [the variable's unit].
    reference : (day, y, x)
        In the same unit.
    mean, deviation
        Of the climate that takes one member's weight.
    smallest
        Lower limit of the bandwidth.
    """
    size = ordered.shape[1]
    low, high = (_order_statistic(ordered, share) for share in (0.25, 0.75))
    width = np.minimum(ordered.std(axis=1, ddof=1), (high - low) / 1.34)
    width = np.maximum(SILVERMAN * width * size**-0.2, smallest)
    kernels = _normal(ordered / width[:, None]).sum(axis=1) / width
    deviation = max(deviation, smallest)
    climate = _normal((reference - mean) / deviation) / deviation

    return np.log((kernels + climate) / (size + 1))


def rain(
    members: np.ndarray, reference: np.ndarray, threshold: float, wet_excess: float
) -> np.ndarray:
    """Log of the dry mass, or of the wet density [ln (mm day-1)-1], at the reference, (day, y, x).

    Parameters
    ----------
    members : (day, member, y, x)
        [mm day-1]
    reference : (day, y, x)
        [mm day-1]
    threshold
        A value below it counts as dry [mm day-1].
    wet_excess
        Mean excess over the threshold of the climate with one member's weight [mm day-1].
    """
    size = members.shape[1]
    count = np.count_nonzero(members >= threshold, axis=1)
    dry_mass = (size - count + 0.5) / (size + 1)
    value = np.log(dry_mass)
    wet = reference >= threshold
    wet_members = np.moveaxis(members, 1, -1)[wet]
    density = _wet_density(wet_members, reference[wet], threshold, wet_excess)
    with np.errstate(divide="ignore"):
        value[wet] = np.log1p(-dry_mass[wet]) + np.log(density)

    return value


def _wet_density(
    members: np.ndarray, observed: np.ndarray, threshold: float, wet_excess: float
) -> np.ndarray:
    """Density [(mm day-1)-1] of wet values at `observed` (cell,), from `members` (cell, member).

    Kernels in ln x of the wet members, each cut at the threshold, and the climate's share.
    """
    wet = members >= threshold
    count = np.count_nonzero(wet, axis=1)
    logs = np.log(np.where(wet, members, threshold) / threshold)
    mean = logs.sum(axis=1) / np.maximum(count, 1)
    square = np.where(wet, (logs - mean[:, None]) ** 2, 0).sum(axis=1)
    deviation = np.sqrt(square / np.maximum(count - 1, 1))
    width = SILVERMAN * deviation * np.maximum(count, 1) ** -0.2
    width = np.maximum(width, SMALLEST_BANDWIDTH_LOG)[:, None]
    place = np.log(observed / threshold)[:, None]
    kernels = _normal((place - logs) / width) / (width * ndtr(logs / width))
    kernels = np.where(wet, kernels, 0).sum(axis=1)
    climate = np.exp(-(observed - threshold) / wet_excess) / wet_excess

    return (kernels / observed + climate) / (count + 1)


def _order_statistic(ordered: np.ndarray, share: float) -> np.ndarray:
    """Quantile of sorted members, linear between order statistics."""
    place = share * (ordered.shape[1] - 1)
    below = int(place)
    above = min(below + 1, ordered.shape[1] - 1)

    return ordered[:, below] + (place - below) * (ordered[:, above] - ordered[:, below])


def _normal(z: np.ndarray) -> np.ndarray:
    return np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi)


def rows(means: Means, context: Context) -> Iterator[Row]:
    """`log_likelihood_kde`, for rain with `_dry` and `_wet`; NaN for a single member."""
    for metric in METRICS if context.is_intermittent else METRICS[:1]:
        yield metric.row(means.scalar(metric.name) if metric.name in means else np.nan)
