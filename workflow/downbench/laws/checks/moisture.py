"""Moisture budget: does rain close the budget, and is there moisture to feed it?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from downbench.core.variables import RAIN
from downbench.laws.batch import SOURCES, Batch
from downbench.laws.law import Law, LawInputs, LawMetric
from downbench.laws.violation_counts import rate_rows, tolerances, violation_counts
from downbench.physics import moisture_budget
from downbench.physics.residual_bins import EDGES_MM_DAY, bin_of, quantiles
from downbench.physics.violation_rate import tolerance
from downbench.scores.statistics import Means, Statistic, Statistics
from downbench.scores.table import Row

POSITION = 50
PERCENTILES = (1, 5, 25, 50, 75, 95, 99)
SUPPLIES = {"without_moisture": "supply", "beyond_budget": "rain"}
"""Statistic of the rain that exceeds a term of the budget → that term."""
RESIDUAL = "budget_residual"
BUDGET_VIOLATION_RATE = LawMetric(
    name="budget_violation_rate",
    unit="%",
    best="none",
    meaning="Share of coarse cells, {day}s and members whose rain does not close the moisture "
    "budget (evaporation, flux convergence, storage), beyond the same tolerance.",
    definition="|E − div Q − dW/dt − rain| beyond the tolerance `threshold` [percent].",
    lower_bound=0,
    upper_bound=1,
    factor=100,
    heading="Budget",
    position=30,
    tolerance="headline_percent",
)
BUDGET_RESIDUAL_QUANTILE = LawMetric(
    name="budget_residual_quantile",
    unit="mm day⁻¹",
    best="zero",
    meaning="Quantile of what the budget holds minus rain.",
    definition="`threshold` = percentile.",
)
RAIN_WITHOUT_MOISTURE = LawMetric(
    name="rain_without_moisture",
    unit="% of rain",
    best="none",
    meaning="Share of the rain itself that evaporation and flux convergence do not bring.",
    lower_bound=0,
    upper_bound=1,
    factor=100,
)
RAIN_WITHOUT_MOISTURE_CELLS = LawMetric(
    name="rain_without_moisture_cells",
    unit="%",
    best="none",
    meaning="Share of wet coarse cells in which more rain falls than evaporation and flux "
    "convergence bring. Storage can feed rain too, so the reference is not at zero.",
    definition="Excess beyond the tolerance `threshold` [percent].",
    lower_bound=0,
    upper_bound=1,
    factor=100,
    heading="Without moisture",
    position=40,
    headline=True,
    tolerance="headline_percent",
)
RAIN_BEYOND_BUDGET_CELLS = replace(
    RAIN_WITHOUT_MOISTURE_CELLS,
    name="rain_beyond_budget_cells",
    meaning="Share of wet coarse cells in which more rain falls than the whole budget holds, "
    "storage included.",
    heading="Beyond the budget",
    position=50,
)
RAIN_BEYOND_BUDGET = replace(
    RAIN_WITHOUT_MOISTURE,
    name="rain_beyond_budget",
    meaning="Share of the rain itself that the whole budget does not hold.",
    heading="Rain beyond the budget",
    position=60,
)
SHARES = {
    "without_moisture": (RAIN_WITHOUT_MOISTURE, RAIN_WITHOUT_MOISTURE_CELLS),
    "beyond_budget": (RAIN_BEYOND_BUDGET, RAIN_BEYOND_BUDGET_CELLS),
}


@dataclass(frozen=True)
class BudgetTerms:
    """Budget of some days, (day, 1, Y, X) [mm day-1].

    rain : E − div Q − dW/dt
    supply : E − div Q
    """

    rain: np.ndarray
    supply: np.ndarray


class MoistureBudget(Law):
    """Rain of coarse cells against the driver's moisture budget."""

    per_coarse_cell = tuple(f"{name}{source}" for name in SUPPLIES for source in SOURCES)
    not_daily = tuple(f"{RESIDUAL}{source}" for source in SOURCES)

    def __init__(self, inputs: LawInputs) -> None:
        """Compute the budget of the evaluated days; the tendency needs all days of the driver."""
        super().__init__(inputs)
        driver = inputs.driver
        # A driver that brings fluxes but not all of the rest is a mistake, and an error here.
        has_fluxes = moisture_budget.available(driver) or moisture_budget.begun(driver)
        self.terms = None
        if has_fluxes and RAIN in inputs.variables:
            self.terms = BudgetTerms(
                moisture_budget.budget_rain(driver).values[inputs.index][:, None],
                moisture_budget.supply(driver).values[inputs.index][:, None],
            )

    @classmethod
    def skipped(cls, driver: xr.Dataset, variables: list[str]) -> Iterator[str]:
        """Yield the absent terms."""
        missing = moisture_budget.missing_terms(driver)
        if missing or RAIN not in variables:
            yield f"moisture budget: absent are {', '.join(missing or (RAIN,))}"

    def daily(self, name: str, batches: Mapping[str, Batch]) -> Statistics:
        """Return daily sums of budget violations, residuals, and rain that nothing feeds."""
        if name != RAIN or self.terms is None:
            return {}
        batch, checks = batches[name], self.inputs.tolerances
        wet_mm_day = self.inputs.settings.wet_day_mm_day
        budget = BudgetTerms(self.terms.rain[batch.days], self.terms.supply[batch.days])
        valid = batch.valid & np.isfinite(budget.rain)
        statistics: Statistics = {}
        for source in SOURCES:
            rain = np.where(valid, batch.blocks[source], np.nan)
            error = budget.rain - rain
            counts = violation_counts(error, budget.rain, valid, RAIN, checks)
            statistics[f"budget_violation{source}"] = counts
            statistics[f"{RESIDUAL}{source}"] = _histogram(error)
            for statistic, term in SUPPLIES.items():
                excess = np.maximum(rain - np.maximum(getattr(budget, term), 0.0), 0.0)
                limits = [tolerance(rain, *limit) for _, *limit in tolerances(RAIN, checks)]
                statistics |= {
                    f"{statistic}{source}": _per_cell(excess, rain, batch.block_area),
                    f"{statistic}_cells{source}": _cells(excess, rain, limits, wet_mm_day),
                }

        return statistics

    def rows(self, name: str, means: Means, counts: np.ndarray) -> Iterator[Row]:
        """Yield budget violations, quantiles of the residual, and rain without moisture."""
        if name != RAIN or self.terms is None:
            return
        checks = self.inputs.tolerances
        yield from rate_rows(BUDGET_VIOLATION_RATE, means, "budget_violation", RAIN, checks)
        for source in ("", "_reference"):
            values = quantiles(means[f"{RESIDUAL}{source}"], PERCENTILES)
            for column, percent in enumerate(PERCENTILES):
                metric = BUDGET_RESIDUAL_QUANTILE.of(source)
                yield metric.row(values[:, column], threshold=percent)
        for statistic, (share, cells) in SHARES.items():
            for source in SOURCES:
                yield share.of(source).row(means.scalar(f"{statistic}{source}"))
                for column, (threshold, _, _) in enumerate(tolerances(RAIN, checks)):
                    value = means[f"{statistic}_cells{source}"][:, column]
                    yield cells.of(source).row(value, threshold=threshold)

    @classmethod
    def maps(
        cls, name: str, statistics: Statistics, grid: tuple[int, int]
    ) -> dict[str, xr.Variable]:
        """Return `rain_{statistic}` on (Y, X), and histograms of the residual."""
        variables = {
            f"rain_{share}": xr.Variable(("Y", "X"), _share(statistics[share]).reshape(grid))
            for share in cls.per_coarse_cell
            if share in statistics
        }
        histograms = {
            f"{RESIDUAL}_count{source}": xr.Variable(
                "residual_bin", statistics[f"{RESIDUAL}{source}"].total.sum(axis=0)
            )
            for source in SOURCES
            if f"{RESIDUAL}{source}" in statistics
        }
        if histograms:
            edges = xr.Variable("residual_edge", EDGES_MM_DAY, {"units": "mm day-1"})
            histograms["residual_edge"] = edges
        return variables | histograms


def _histogram(error: np.ndarray) -> Statistic:
    """Daily counts (day, bin) of residuals (day, member, Y, X), members averaged."""
    days, members = error.shape[:2]
    valid, bins = np.isfinite(error), len(EDGES_MM_DAY) - 1
    number = bin_of(error) + bins * np.arange(days)[:, None, None, None]
    count = np.bincount(number[valid], minlength=days * bins).reshape(days, bins) / members

    return Statistic(count, count.sum(axis=1, keepdims=True))


def _per_cell(excess: np.ndarray, rain: np.ndarray, area: np.ndarray) -> Statistic:
    """Daily excess and rain of each coarse cell (day, Y X), members averaged, by area [m2]."""
    total, weight = (
        np.nan_to_num(amount * area).mean(axis=1).reshape(len(rain), -1)
        for amount in (excess, rain)
    )
    return Statistic(total, weight)


def _cells(
    excess: np.ndarray, rain: np.ndarray, limits: list[np.ndarray], wet_mm_day: float
) -> Statistic:
    """Daily counts of wet cells with more excess than each limit (day, k)."""
    wet = rain >= wet_mm_day
    violations = [(excess > limit) & wet for limit in limits]
    count = np.stack([cells.sum(axis=(1, 2, 3)) for cells in violations], axis=1) / rain.shape[1]

    return Statistic(count, wet.sum(axis=(1, 2, 3))[:, None] / rain.shape[1])


def _share(statistic: Statistic) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return statistic.total.sum(axis=0) / statistic.weight.sum(axis=0)


LAW = MoistureBudget
