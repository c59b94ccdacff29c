"""Scores that pair no days: the climate of an ensemble beside that of the truth.

A free-running climate model has other weather than the truth, so only distributions, indices,
cycles and correlations can be compared. Years are the blocks of the bootstrap: those of the
ensemble and those of the truth are drawn independently, or together where they are the same days.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from downbench.core.config.evaluation import Evaluation
from downbench.core.rng import generator
from downbench.scores.climate import cell_distributions, dependence, pooled_distributions
from downbench.scores.climate.daily_series import Series
from downbench.scores.climate.pooled_distributions import shares
from downbench.scores.climate.yearly_indices import base_threshold, yearly
from downbench.scores.metrics.distribution import PERCENTILES, histogram, quantiles
from downbench.scores.table import Row

SUMMED = {
    "r95ptot": ("r95p", "prcptot"),
    "wet_spell_days": ("wet_days", "wet_spells"),
    "dry_spell_days": ("dry_days", "dry_spells"),
}
"""Ratios of sums over years and cells: the share of rain on very wet days, mean lengths."""
MOST_DRAWS = 101
"""Replicates of distances at each cell, which take long, and the sample itself."""
CELL_DISTANCES = ("wasserstein", "energy_distance")
DISTANCES = frozenset((*CELL_DISTANCES, "wasserstein_pooled", "seasonal_cycle_rmse"))
"""Metrics whose true value is never below zero."""
HIDDEN = {"prcptot", "r95p", "wet_spells", "dry_spells", "wet_days", "dry_days"}


@dataclass(frozen=True)
class Side:
    """The ensemble's, or the truth's, part of a comparison, of one variable and season.

    series : its days
    draws : (1 + replicates, year), how often each of its years is drawn
    """

    series: Series
    draws: np.ndarray


@dataclass(frozen=True)
class Comparison:
    """Both sides, the cells' areas (y, x) [m2], and the settings of the scores.

    paired : are both sides' days the same, and their years drawn together?
    """

    mine: Side
    truth: Side
    area: np.ndarray
    settings: Evaluation
    paired: bool

    @cached_property
    def base(self) -> np.ndarray:
        """What both sides count as very wet, the truth's threshold (y, x) [mm day-1]."""
        return base_threshold(self.truth.series, self.settings.wet_day_mm_day)


def draws(years: int, settings: Evaluation, side: str) -> np.ndarray:
    """How often each of so many years is drawn, (1 + replicates, year); row 0 is the sample."""
    replicates = settings.bootstrap.replicates
    rng = generator("years", settings.seed, side, years)
    drawn = rng.multinomial(years, np.full(years, 1 / years), size=replicates)
    return np.concatenate([np.ones((1, years)), drawn]).astype(float)


def compare(
    mine: Series, truth: Series, area: np.ndarray, settings: Evaluation, *, paired: bool
) -> Comparison:
    """Bring two series together, with draws of their years.

    `paired` is told by the driver_type and not by the dates: a free run of the same years has other
    weather.
    """
    other = "ensemble" if paired else "truth"
    return Comparison(
        Side(mine, draws(len(mine.years), settings, "ensemble")),
        Side(truth, draws(len(truth.years), settings, other)),
        area.astype(np.float64),
        settings,
        paired,
    )


def law_rows(both: Comparison, most_draws: int = MOST_DRAWS) -> Iterator[Row]:
    """Quantiles and distances of the pooled law, and distances of the laws of cells.

    `most_draws` counts the replicates of the latter and the sample itself: 1 gives no interval.
    """
    laws = [laws_by_year(s.series, both.area).mean(axis=1) for s in (both.mine, both.truth)]
    yield from _pooled_rows(both, *laws)
    is_rain = both.mine.series.is_rain
    sides = (both.mine, both.truth)
    curves = [
        quantiles(shares(side.draws, law), PERCENTILES, is_rain)
        for side, law in zip(sides, laws, strict=True)
    ]
    bound = 0.0 if is_rain else -np.inf
    for column, percent in enumerate(PERCENTILES):
        pair = (curve[:, column] for curve in curves)
        yield from _triple("quantile", *pair, bound, threshold=float(percent))
    borders = cell_distributions.edges(both.mine.series, both.truth.series)
    mine, theirs = (cell_distributions.counts(s.series, borders) for s in (both.mine, both.truth))
    area = both.area.ravel()
    pair = (both.mine.draws[:most_draws], both.truth.draws[:most_draws])
    rng = generator("floor", both.settings.seed)
    floors = (
        cell_distributions.floor(theirs, len(mine), area, borders, rng) if most_draws > 1 else ()
    )
    found = cell_distributions.distances(mine, theirs, pair, area, borders)
    yield from (Row(name, value) for name, value in zip(CELL_DISTANCES, found, strict=True))
    for name, least in zip(CELL_DISTANCES, floors, strict=False):
        yield Row(f"{name}_floor", np.array([least]))


def index_rows(both: Comparison) -> Iterator[Row]:
    """Every index of a year, mean over years, members and cells, with the truth's."""
    found = [indices(both, side.series) for side in (both.mine, both.truth)]
    sides = (both.mine, both.truth)
    for name in found[0]:
        if name not in HIDDEN:
            pair = (_mean(f[name], s.draws, both.area) for f, s in zip(found, sides, strict=True))
            bound = 0.0 if name == "wet_day_frequency" else -np.inf
            yield from _triple(name, *pair, lower_bound=bound)
    for name, (above, below) in SUMMED.items():
        if above in found[0]:
            pair = (
                _mean(f[above], s.draws, both.area) / _mean(f[below], s.draws, both.area)
                for f, s in zip(found, sides, strict=True)
            )
            yield from _triple(name, *pair)


def indices(both: Comparison, one: Series) -> dict[str, np.ndarray]:
    """Yearly indices (year, member, y, x), with the truth's base threshold."""
    wet = both.settings.wet_day_mm_day
    if not one.is_rain:
        return yearly(one, wet)
    found = yearly(one, wet, both.base)
    days = np.array([(one.year == year).sum() for year in one.years])[:, None, None, None]
    found["wet_days"] = found["wet_day_frequency"] * days
    return found | {"dry_days": (1 - found["wet_day_frequency"]) * days}


def cycle_rows(both: Comparison) -> Iterator[Row]:
    """`monthly_mean` by calendar month (`threshold`), with the truth's; and how far apart."""
    gaps = []
    for month in np.unique(both.mine.series.month):
        pair = [_month_mean(side, int(month), both.area) for side in (both.mine, both.truth)]
        gaps.append(pair[0] - pair[1])
        yield from _triple("monthly_mean", *pair, threshold=float(month))
    yield Row("seasonal_cycle_rmse", np.sqrt(np.mean(np.square(gaps), axis=0)))


def dependence_rows(both: Comparison, factor: int) -> Iterator[Row]:
    """`lag1` and `spatial_correlation` at one and `factor` cells (`scale`), with the truth's."""
    sides = (both.mine, both.truth)
    pair = (dependence.correlation(dependence.lag1(s.series), s.draws) for s in sides)
    yield from _triple("lag1", *pair)
    for cells in sorted({1, factor}):
        sums = [dependence.in_space(side.series, cells) for side in sides]
        pair = (
            dependence.mean_correlation(each, side.draws)
            for each, side in zip(sums, sides, strict=True)
        )
        yield from _triple("spatial_correlation", *pair, scale=float(cells))


def between_rows(both: Comparison, other: Comparison) -> Iterator[Row]:
    """`rank_correlation` of rain with temperature of the same days, with the truth's."""
    pair = (
        dependence.correlation(dependence.between(one.series, two.series), one.draws)
        for one, two in ((both.mine, other.mine), (both.truth, other.truth))
    )
    yield from _triple("rank_correlation", *pair)


def laws_by_year(one: Series, area: np.ndarray) -> np.ndarray:
    """Area by bin of `distribution.edges`, (year, member, bin), of the law pooled over cells."""
    made = []
    for year in one.years:
        values = one.of_year(year).values
        weight = np.where(np.isfinite(values).all(axis=1), area, 0.0)
        members = [values[:, m : m + 1] for m in range(values.shape[1])]
        made.append([histogram(m, weight, one.is_rain).total.sum(axis=0) for m in members])
    return np.array(made)


def _pooled_rows(both: Comparison, mine: np.ndarray, theirs: np.ndarray) -> Iterator[Row]:
    """`wasserstein_pooled`, of the laws of all cells together, and what few years alone give."""
    is_rain = both.mine.series.is_rain
    pair = (shares(both.mine.draws, mine), shares(both.truth.draws, theirs))
    yield Row("wasserstein_pooled", pooled_distributions.apart(*pair, is_rain))
    least = pooled_distributions.floor(theirs, len(mine), is_rain, both.settings.seed)
    yield Row("wasserstein_pooled_floor", np.array([least]))


def _month_mean(side: Side, month: int, area: np.ndarray) -> np.ndarray:
    one = side.series
    totals = []
    for year in one.years:
        values = one.values[(one.year == year) & (one.month == month)]
        weight = np.where(np.isfinite(values), area, 0.0)
        totals.append((np.nansum(values * weight, dtype=np.float64), weight.sum()))
    total, weight = np.array(totals).T
    return (side.draws @ total) / (side.draws @ weight)


def _mean(found: np.ndarray, drawn: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Mean over years (resampled), members and cells of (year, member, y, x)."""
    weight = np.where(np.isfinite(found), area, 0.0)
    total = np.where(weight > 0, found * weight, 0).sum(axis=(1, 2, 3), dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (drawn @ total) / (drawn @ weight.sum(axis=(1, 2, 3)))


def _triple(
    name: str, mine: np.ndarray, theirs: np.ndarray, lower_bound: float = -np.inf, **at: float
) -> Iterator[Row]:
    yield Row(name, mine, lower_bound=lower_bound, **at)
    yield Row(f"{name}_reference", theirs, lower_bound=lower_bound, **at)
    yield Row(f"{name}_bias", mine - theirs, **at)
