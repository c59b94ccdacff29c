"""Rows of the climate scores of one variable: distributions, indices, cycles and correlations."""

from collections.abc import Iterator

import numpy as np

from downbench.core.rng import generator
from downbench.core.variables import VARIABLES
from downbench.scores.climate import cell_distributions, dependence, pooled_distributions
from downbench.scores.climate.climate_comparison import (
    ClimateComparison,
    ResampledSeries,
    distributions_by_year,
    indices,
)
from downbench.scores.climate.pooled_distributions import shares
from downbench.scores.metrics.distribution import PERCENTILES, quantiles
from downbench.scores.table import Row

RATIOS = {
    "r95ptot": ("r95p", "prcptot"),
    "wet_spell_days": ("wet_days", "wet_spells"),
    "dry_spell_days": ("dry_days", "dry_spells"),
}
"""Ratios of sums over years and cells: the share of rain on very wet days, mean lengths."""
CELL_REPLICATES = 101
"""Rows of the bootstrap, the sample included, for distances at each cell, which take long."""
CELL_DISTANCES = ("wasserstein", "energy_distance")
DISTANCES = frozenset((*CELL_DISTANCES, "wasserstein_pooled", "seasonal_cycle_rmse"))
"""Metrics whose true value is never below zero."""
ONLY_IN_RATIOS = {"prcptot", "r95p", "wet_spells", "dry_spells", "wet_days", "dry_days"}


def distribution_rows(
    comparison: ClimateComparison, cell_replicates: int = CELL_REPLICATES
) -> Iterator[Row]:
    """Yield quantiles and distances of pooled distributions, and distances of those of cells.

    `cell_replicates` counts the replicates of the latter and the sample: 1 gives no interval.
    """
    pooled = [
        distributions_by_year(sample.series, comparison.area).mean(axis=1)
        for sample in comparison.samples
    ]
    yield from _pooled_rows(comparison, *pooled)
    yield from _quantile_rows(comparison, *pooled)
    yield from _cell_rows(comparison, cell_replicates)


def _pooled_rows(
    comparison: ClimateComparison, ensemble: np.ndarray, reference: np.ndarray
) -> Iterator[Row]:
    """Yield `wasserstein_pooled` and its noise floor, from distributions (year, bin)."""
    variable = comparison.ensemble.series.variable
    pair = (
        shares(comparison.ensemble.counts, ensemble),
        shares(comparison.reference.counts, reference),
    )
    yield Row("wasserstein_pooled", pooled_distributions.wasserstein(*pair, variable))
    seed = comparison.settings.seed
    floor = pooled_distributions.noise_floor(reference, len(ensemble), variable, seed)
    yield Row("wasserstein_pooled_floor", np.array([floor]))


def _quantile_rows(
    comparison: ClimateComparison, ensemble: np.ndarray, reference: np.ndarray
) -> Iterator[Row]:
    variable = comparison.ensemble.series.variable
    curves = [
        quantiles(shares(sample.counts, distribution), PERCENTILES, variable)
        for sample, distribution in zip(comparison.samples, (ensemble, reference), strict=True)
    ]
    bound = 0.0 if VARIABLES[variable].is_intermittent else -np.inf
    for column, percent in enumerate(PERCENTILES):
        pair = (curve[:, column] for curve in curves)
        yield from _triple("quantile", *pair, threshold=float(percent), lower_bound=bound)


def _cell_rows(comparison: ClimateComparison, replicates: int) -> Iterator[Row]:
    """Yield both distances at each cell, and their noise floors where intervals are wanted."""
    samples, area = comparison.samples, comparison.area.ravel()
    borders = cell_distributions.edges(*(sample.series for sample in samples))
    ensemble, reference = (
        cell_distributions.cumulative_counts(sample.series, borders) for sample in samples
    )
    rng = generator("floor", comparison.settings.seed)
    floors = (
        cell_distributions.noise_floor(reference, len(ensemble), area, borders, rng)
        if replicates > 1
        else ()
    )
    counts = tuple(sample.counts[:replicates] for sample in samples)
    distances = cell_distributions.distances(ensemble, reference, counts, area, borders)
    yield from (Row(name, value) for name, value in zip(CELL_DISTANCES, distances, strict=True))
    for name, floor in zip(CELL_DISTANCES, floors, strict=False):
        yield Row(f"{name}_floor", np.array([floor]))


def index_rows(comparison: ClimateComparison) -> Iterator[Row]:
    """Yield every yearly index, mean over years, members and cells, with the reference's."""
    samples = comparison.samples
    fields = [indices(comparison, sample.series) for sample in samples]
    means = [
        {name: _mean(field, sample.counts, comparison.area) for name, field in by_name.items()}
        for by_name, sample in zip(fields, samples, strict=True)
    ]
    for name in means[0]:
        if name not in ONLY_IN_RATIOS:
            bound = 0.0 if name == "wet_day_frequency" else -np.inf
            yield from _triple(name, *(mean[name] for mean in means), lower_bound=bound)
    for name, (above, below) in RATIOS.items():
        if above in means[0]:
            yield from _triple(name, *(mean[above] / mean[below] for mean in means))


def seasonal_cycle_rows(comparison: ClimateComparison) -> Iterator[Row]:
    """Yield `monthly_mean` by calendar month (`threshold`), and the distance of both cycles."""
    gaps = []
    for month in np.unique(comparison.ensemble.series.month):
        pair = [_month_mean(sample, int(month), comparison.area) for sample in comparison.samples]
        gaps.append(pair[0] - pair[1])
        yield from _triple("monthly_mean", *pair, threshold=float(month))
    yield Row("seasonal_cycle_rmse", np.sqrt(np.mean(np.square(gaps), axis=0)))


def dependence_rows(comparison: ClimateComparison, factor: int) -> Iterator[Row]:
    """Yield `lag1` and `spatial_correlation` over one and `factor` cells (`scale`)."""
    samples = comparison.samples
    pair = (dependence.correlation(dependence.lag1(s.series), s.counts) for s in samples)
    yield from _triple("lag1", *pair)
    for cells in sorted({1, factor}):
        sums = [dependence.spatial(sample.series, cells) for sample in samples]
        pair = (
            dependence.mean_correlation(directions, sample.counts)
            for directions, sample in zip(sums, samples, strict=True)
        )
        yield from _triple("spatial_correlation", *pair, scale=float(cells))


def rank_correlation_rows(first: ClimateComparison, second: ClimateComparison) -> Iterator[Row]:
    """Yield `rank_correlation` of two variables on the same days, with the reference's."""
    pair = (
        dependence.correlation(dependence.rank_sums(a.series, b.series), a.counts)
        for a, b in zip(first.samples, second.samples, strict=True)
    )
    yield from _triple("rank_correlation", *pair)


def _month_mean(sample: ResampledSeries, month: int, area: np.ndarray) -> np.ndarray:
    series = sample.series
    totals = []
    for year in series.years:
        values = series.values[(series.year == year) & (series.month == month)]
        weight = np.where(np.isfinite(values), area, 0.0)
        totals.append((np.nansum(values * weight, dtype=np.float64), weight.sum()))
    total, weight = np.array(totals).T
    return (sample.counts @ total) / (sample.counts @ weight)


def _mean(field: np.ndarray, counts: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Average (year, member, y, x) over years (resampled), members and cells."""
    weight = np.where(np.isfinite(field), area, 0.0)
    total = np.where(weight > 0, field * weight, 0).sum(axis=(1, 2, 3), dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (counts @ total) / (counts @ weight.sum(axis=(1, 2, 3)))


def _triple(
    name: str,
    ensemble: np.ndarray,
    reference: np.ndarray,
    *,
    scale: float = np.nan,
    threshold: float = np.nan,
    lower_bound: float = -np.inf,
) -> Iterator[Row]:
    """Yield a metric of the ensemble, of the reference, and their difference."""
    yield Row(name, ensemble, scale, threshold, lower_bound)
    yield Row(f"{name}_reference", reference, scale, threshold, lower_bound)
    yield Row(f"{name}_bias", ensemble - reference, scale, threshold)
