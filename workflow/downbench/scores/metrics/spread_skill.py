"""Error of the ensemble mean, spread, and their ratio.

Spread–skill = √(mean variance) / √(mean squared error of the mean − mean variance / M), variances
with ddof = 1, averages before roots (trap T3): what M members add to the error of their mean is
subtracted, so that the ratio is that of a large ensemble, whether it is calibrated or not. With a
single member, spread and ratio are not defined (NaN). The ratio is infinite where the noise of
the mean explains all of the error.

Means of squares depend on the largest values. The robust ratio is formed from means of absolute
differences, r = mean|x − x′| / mean|x − y|: it is 1 for a calibrated ensemble of any distribution,
and r / √(2 − r²) is spread over error where both are normal.
"""

from collections.abc import Iterator

import numpy as np

from downbench.scores.context import Context
from downbench.scores.metric import DailyStatistic, Metric
from downbench.scores.metrics.crps import sorted_half_spread
from downbench.scores.paired_fields import PairedFields
from downbench.scores.statistics import Means, Statistic, Statistics, cell_sums
from downbench.scores.table import Row

POSITION = 20
BIAS = Metric(
    name="bias",
    unit="{unit}",
    best="zero",
    meaning="Mean of the ensemble minus mean of the reference.",
    heading="Bias",
    position=150,
    seasonal=True,
    at_stations="seasons",
    pairs=DailyStatistic("error"),
)
MAE_MEAN = Metric(
    name="mae_mean",
    unit="{unit}",
    best="low",
    meaning="Mean absolute error of the ensemble mean.",
    lower_bound=0,
    seasonal=True,
    at_stations="seasons",
    pairs=DailyStatistic("absolute_error"),
)
RMSE_MEAN = Metric(
    name="rmse_mean",
    unit="{unit}",
    best="low",
    meaning="Root mean squared error of the ensemble mean.",
    lower_bound=0,
    seasonal=True,
    at_stations="seasons",
    pairs=DailyStatistic("squared_error"),
)
SPREAD = Metric(
    name="spread",
    unit="{unit}",
    best="none",
    meaning="Standard deviation of the members.",
    definition="√ mean variance (ddof = 1).",
    lower_bound=0,
    seasonal=True,
    needs_ensemble=True,
    pairs=DailyStatistic("variance"),
)
SPREAD_SKILL = Metric(
    name="spread_skill",
    unit="1",
    best="one",
    meaning="Ensemble spread over the error of the ensemble mean, both without finite-size bias. "
    "Below 1 the ensemble is overconfident, above 1 too wide.",
    definition="`spread` / √(`rmse_mean`² − `spread`²/M): that of a large ensemble at any M.",
    lower_bound=0,
    heading="Spread / error",
    position=60,
    headline=True,
    seasonal=True,
    at_stations="seasons",
    needs_ensemble=True,
)
SPREAD_SKILL_ROBUST = Metric(
    name="spread_skill_robust",
    unit="1",
    best="one",
    meaning="The same from absolute instead of squared differences, which no single value "
    "decides.",
    definition="r / √(2−r²), r = mean|x−x′| / mean|x−y| over pairs of members and of member and "
    "reference; equal to `spread_skill` for normal distributions.",
    lower_bound=0,
    heading="Spread / error, robust",
    position=65,
    needs_ensemble=True,
)
SPREAD_BINNED = Metric(
    name="spread_binned",
    unit="{unit}",
    best="none",
    meaning="Spread in bins of predicted spread.",
    definition="With √((M+1)/M); edges 0.05 · √2ⁿ in the variable's unit, `threshold` = bin; bins "
    "with < 0.1 % of the area are left out.",
    lower_bound=0,
    curve=True,
    seasonal=True,
    needs_ensemble=True,
)
RMSE_BINNED = Metric(
    name="rmse_binned",
    unit="{unit}",
    best="none",
    meaning="Root mean squared error of the ensemble mean in the same bins.",
    lower_bound=0,
    curve=True,
    seasonal=True,
    needs_ensemble=True,
)

# Edges are fixed, in the variable's unit, so that days can be summed one by one; √2 apart.
SPREAD_EDGES = np.concatenate([[0.0], 0.05 * 2 ** (np.arange(22) / 2), [np.inf]])
SMALLEST_SHARE = 1e-3


def daily(fine: PairedFields, context: Context) -> Statistics:
    """Daily sums of error, absolute and squared error of the mean, variance, and both binned."""
    error = fine.deviation.mean(axis=1)
    squared = error**2
    variance = _variance(fine, error)
    statistics = {
        "error": cell_sums(error, fine.weight),
        "absolute_error": cell_sums(np.abs(error), fine.weight),
        "squared_error": cell_sums(squared, fine.weight),
    }
    if fine.size > 1:
        statistics["variance"] = cell_sums(variance, fine.weight)
        statistics |= _absolute(fine)
        statistics |= _binned(variance, squared, fine.weight)

    return statistics


def _absolute(fine: PairedFields) -> Statistics:
    """Sums of mean |x − y| and of mean |x − x′|: the CRPS is the one less half of the other."""
    distance = np.abs(fine.ordered).mean(axis=1)
    between = 2 * sorted_half_spread(fine.ordered)
    return {
        "absolute_distance": cell_sums(distance, fine.weight),
        "absolute_spread": cell_sums(between, fine.weight),
    }


def _variance(fine: PairedFields, mean: np.ndarray) -> np.ndarray:
    departure = fine.deviation - mean[:, None]
    return np.einsum("tmyx,tmyx->tyx", departure, departure) / max(fine.size - 1, 1)


def _binned(variance: np.ndarray, squared: np.ndarray, weight: np.ndarray) -> Statistics:
    """Sums per bin of predicted spread; the weight of a bin is the area that fell into it."""
    days, bins = len(variance), len(SPREAD_EDGES) - 1
    spread = np.sqrt(np.where(weight > 0, variance, 0.0))
    number = np.searchsorted(SPREAD_EDGES[1:-1], spread, side="right")
    flat = (number + bins * np.arange(days)[:, None, None]).ravel()

    def sums(values: np.ndarray) -> np.ndarray:
        counted = np.where(weight > 0, values, 0.0) * weight
        return np.bincount(flat, counted.ravel(), days * bins).reshape(days, bins)

    area = sums(np.ones_like(weight))
    return {
        "binned_variance": Statistic(sums(variance), area),
        "binned_squared_error": Statistic(sums(squared), area),
        "binned_share": Statistic(area, area.sum(axis=1, keepdims=True)),
    }


def rows(means: Means, context: Context) -> Iterator[Row]:
    """`bias`, `mae_mean`, `rmse_mean`, `spread`, `spread_skill` and the binned curves."""
    squared_error = means.scalar("squared_error")
    yield BIAS.row(means.scalar("error"))
    yield MAE_MEAN.row(means.scalar("absolute_error"))
    yield RMSE_MEAN.row(np.sqrt(squared_error))
    if context.members == 1:
        for metric in (SPREAD, SPREAD_SKILL, SPREAD_SKILL_ROBUST):
            yield metric.row(np.nan)
        return
    variance = means.scalar("variance")
    yield SPREAD.row(np.sqrt(variance))
    yield SPREAD_SKILL.row(spread_over_error(variance, squared_error, context.members))
    between, distance = means.scalar("absolute_spread"), means.scalar("absolute_distance")
    yield SPREAD_SKILL_ROBUST.row(robust_spread_over_error(between, distance))
    yield from _binned_rows(means, context)


def spread_over_error(variance: np.ndarray, squared_error: np.ndarray, members: int) -> np.ndarray:
    """Return the spread over the error that the mean of infinitely many members would have.

    Parameters
    ----------
    variance
        Mean variance of the members (ddof = 1).
    squared_error
        Mean squared error of their mean.
    members
        Number of members.
    """
    error = squared_error - variance / members
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.sqrt(np.where(error > 0, variance / error, _unbounded(variance)))


def robust_spread_over_error(between: np.ndarray, distance: np.ndarray) -> np.ndarray:
    """Return the ratio from mean |x − x′| and mean |x − y|; ∞ where no normal error has both."""
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = between / distance
        normal = ratio / np.sqrt(2 - ratio**2)
        return np.where(ratio**2 < 2, normal, _unbounded(between))


def _unbounded(spread: np.ndarray) -> np.ndarray:
    """Return infinity for an ensemble with spread; without it no ratio exists."""
    return np.where(spread > 0, np.inf, np.nan)


def _binned_rows(means: Means, context: Context) -> Iterator[Row]:
    """Points of the spread–skill diagram; bins with less than 0.1 % of the area are left out."""
    spread = finite_size(context.members) * np.sqrt(means["binned_variance"])
    rmse = np.sqrt(means["binned_squared_error"])
    for number in np.flatnonzero(means["binned_share"][0] >= SMALLEST_SHARE):
        yield SPREAD_BINNED.row(spread[:, number], threshold=number)
        yield RMSE_BINNED.row(rmse[:, number], threshold=number)


def finite_size(members: int) -> float:
    """√((M + 1) / M): the mean of M members errs more than the mean of all."""
    return float(np.sqrt((members + 1) / members))
