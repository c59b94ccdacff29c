"""Error of the ensemble mean, spread, and their ratio.

Spread–skill = √((M + 1) / M) · √(mean variance) / √(mean squared error of the mean), variances
with ddof = 1, averages before roots (Fortin et al. 2014; trap T3). It is 1 for a calibrated
ensemble of any size. With a single member, spread and ratio are not defined (NaN).
"""

from collections.abc import Iterator

import numpy as np

from downbench.scores.context import Context
from downbench.scores.metric import DailyStatistic, Metric
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
    definition="√((M+1)/M) · `spread` / `rmse_mean`; 1 = calibrated at any M.",
    lower_bound=0,
    heading="Spread / error",
    position=60,
    headline=True,
    seasonal=True,
    at_stations="seasons",
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
        statistics |= _binned(variance, squared, fine.weight)

    return statistics


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
    rmse = np.sqrt(means.scalar("squared_error"))
    yield BIAS.row(means.scalar("error"))
    yield MAE_MEAN.row(means.scalar("absolute_error"))
    yield RMSE_MEAN.row(rmse)
    if context.members == 1:
        yield SPREAD.row(np.nan)
        yield SPREAD_SKILL.row(np.nan)
        return
    spread = np.sqrt(means.scalar("variance"))
    yield SPREAD.row(spread)
    with np.errstate(divide="ignore", invalid="ignore"):
        yield SPREAD_SKILL.row(finite_size(context.members) * spread / rmse)
    yield from _binned_rows(means, context)


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
