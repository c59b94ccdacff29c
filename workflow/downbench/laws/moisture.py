"""Moisture: does rain close the budget, and is there moisture to feed it?"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.core.config.laws import Laws
from downbench.core.variables import RAIN
from downbench.laws.batch import SOURCES, Batch
from downbench.laws.mass import counted, rate_rows, tolerances
from downbench.physics import moisture_budget
from downbench.physics.residual_bins import EDGES_MM_DAY, bin_of, quantiles
from downbench.physics.violation_rate import tolerance
from downbench.scores.statistics import Means, Statistic, Statistics
from downbench.scores.table import Row

PERCENTILES = (1, 5, 25, 50, 75, 95, 99)
FED_BY = {"without_moisture": "supply", "beyond_budget": "rain"}
"""Share of rain that evaporation and convergence cannot feed, and that storage cannot either."""


@dataclass(frozen=True)
class Moisture:
    """Budget of the evaluated days, (day, 1, Y, X) [mm day-1].

    rain : E − div Q − dW/dt
    supply : E − div Q
    """

    rain: np.ndarray
    supply: np.ndarray


def of_days(driver: xr.Dataset, index: np.ndarray) -> Moisture:
    """Budget of the driver's days `index`; the tendency needs the days between them too."""
    rain, supply = (
        one(driver).values[index][:, None]
        for one in (moisture_budget.budget_rain, moisture_budget.supply)
    )
    return Moisture(rain, supply)


def daily(batch: Batch, whole: Moisture, laws: Laws, wet_mm_day: float) -> Statistics:
    """Daily sums of budget violations, residuals, and rain that nothing feeds."""
    budget = Moisture(whole.rain[batch.days], whole.supply[batch.days])
    known = batch.known & np.isfinite(budget.rain)
    statistics: Statistics = {}
    for source in SOURCES:
        rain = np.where(known, batch.blocks[source], np.nan)
        error = budget.rain - rain
        statistics |= {
            f"budget_violation{source}": counted(error, budget.rain, known, RAIN, laws),
            f"budget_residual{source}": _histogram(error),
        }
        for name, term in FED_BY.items():
            excess = np.maximum(rain - np.maximum(getattr(budget, term), 0.0), 0.0)
            statistics |= {
                f"{name}{source}": _per_cell(excess, rain, batch.block_area),
                f"{name}_cells{source}": _cells(excess, rain, laws, wet_mm_day),
            }

    return statistics


def _histogram(error: np.ndarray) -> Statistic:
    """Daily counts (day, bin) of residuals (day, member, Y, X), members averaged."""
    days, members = error.shape[:2]
    known, bins = np.isfinite(error), len(EDGES_MM_DAY) - 1
    number = bin_of(error) + bins * np.arange(days)[:, None, None, None]
    count = np.bincount(number[known], minlength=days * bins).reshape(days, bins) / members

    return Statistic(count, count.sum(axis=1, keepdims=True))


def _per_cell(excess: np.ndarray, rain: np.ndarray, area: np.ndarray) -> Statistic:
    """Daily excess and rain of each coarse cell (day, Y X), members averaged, by area [m2]."""
    total, weight = (
        np.nan_to_num(one * area).mean(axis=1).reshape(len(rain), -1) for one in (excess, rain)
    )
    return Statistic(total, weight)


def _cells(excess: np.ndarray, rain: np.ndarray, laws: Laws, wet_mm_day: float) -> Statistic:
    """Daily counts of wet cells with rain that nothing feeds, per tolerance (day, k)."""
    wet = rain >= wet_mm_day
    beyond = [
        (excess > tolerance(rain, absolute, relative)) & wet
        for _, absolute, relative in tolerances(RAIN, laws)
    ]
    count = np.stack([one.sum(axis=(1, 2, 3)) for one in beyond], axis=1) / rain.shape[1]

    return Statistic(count, wet.sum(axis=(1, 2, 3))[:, None] / rain.shape[1])


def over_cells(statistics: Statistics) -> Statistics:
    """Statistics whose sums per coarse cell are put together to one a day."""
    names = {f"{name}{source}" for name in FED_BY for source in SOURCES}
    return {
        name: Statistic(one.total.sum(1, keepdims=True), one.weight.sum(1, keepdims=True))
        if name in names
        else one
        for name, one in statistics.items()
    }


def rows(means: Means, laws: Laws) -> Iterator[Row]:
    """Budget violations, quantiles of the residual, and rain without moisture."""
    yield from rate_rows(means, "budget_violation", RAIN, laws)
    for source in ("", "_truth"):
        values = quantiles(means[f"budget_residual{source}"], PERCENTILES)
        for column, percent in enumerate(PERCENTILES):
            yield Row(f"budget_residual_quantile{source}", values[:, column], threshold=percent)
    for name in FED_BY:
        for source in SOURCES:
            yield Row(f"rain_{name}{source}", means.scalar(f"{name}{source}"))
            for column, (threshold, _, _) in enumerate(tolerances(RAIN, laws)):
                share = means[f"{name}_cells{source}"][:, column]
                yield Row(f"rain_{name}_cells{source}", share, threshold=threshold)
