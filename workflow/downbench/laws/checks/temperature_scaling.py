"""Clausius–Clapeyron scaling: how much heavier is heavy rain on warmer days?"""

from collections.abc import Iterator, Mapping

import numpy as np
import xarray as xr

from downbench.core.config.physics_checks import ClausiusClapeyron
from downbench.core.variables import RAIN
from downbench.laws.batch import Batch
from downbench.laws.law import Law, LawInputs, LawMetric
from downbench.physics.clausius_clapeyron import (
    Counts,
    percentile,
    rate_percent_per_k,
    resampled,
)
from downbench.physics.wet_climate import WetClimate, climate, day_weights, on_days
from downbench.scores.statistics import Means, Statistics
from downbench.scores.table import Row

POSITION = 60
SOURCES = ("", "_reference", "_input")
TEMPERATURES = ("tas", "tasmax")
CC_RATE = LawMetric(
    name="cc_rate",
    unit="% K⁻¹",
    best="none",
    meaning="Growth of the {threshold}th percentile of wet-{day} rain per kelvin, both against "
    "what is usual for cell and season. Clausius–Clapeyron: 6 to 7 % K⁻¹.",
    heading="Warming rate, P{threshold}",
    position=80,
    thresholds=(95.0, 99.0, 99.9),
    headline=True,
)
CC_RATE_BINNED = LawMetric(
    name="cc_rate_binned",
    unit="1",
    best="none",
    meaning="The percentile itself per bin of temperature: the curve that `cc_rate` is the slope "
    "of.",
    definition="`scale` = mean temperature anomaly of the bin [K], `threshold` = percentile.",
    curve=True,
)
NEEDS = f"{RAIN} and {' or '.join(TEMPERATURES)} must be in ensemble and driver"


def temperature(driver: xr.Dataset, variables: list[str]) -> str | None:
    """The variable that rain's scaling is measured against; None without one, or without rain."""
    if RAIN not in variables or RAIN not in driver.data_vars:
        return None
    shared = (name for name in TEMPERATURES if name in driver.data_vars and name in variables)
    return next(shared, None)


class TemperatureScaling(Law):
    """Counts of wet values of the members, the reference and the coarse input, batch by batch.

    Each field is taken with its own temperature, and both are measured against the climate of all
    days: the target's on fine cells, the driver's on coarse ones.
    """

    def __init__(self, inputs: LawInputs) -> None:
        """Compute the climates of target and driver."""
        super().__init__(inputs)
        self.temperature = temperature(inputs.driver, inputs.variables)
        if self.temperature is None:
            return
        self.options = inputs.tolerances.clausius_clapeyron
        self.weights = day_weights(inputs.reference["time"], self.options.parts_of_year)
        self.fine, self.coarse = (
            climate(series, self.temperature, self.options.wet_mm_day, self.options.parts_of_year)
            for series in (inputs.target, inputs.driver)
        )
        blocks = int(inputs.labels.max()) + 1
        self.counts = {source: Counts(blocks) for source in SOURCES}

    @classmethod
    def skipped(cls, driver: xr.Dataset, variables: list[str]) -> Iterator[str]:
        """Yield what is needed where rain or temperature is absent."""
        if temperature(driver, variables) is None:
            yield f"Clausius–Clapeyron scaling: {NEEDS}"

    def daily(self, name: str, batches: Mapping[str, Batch]) -> Statistics:
        """Count the wet values of some days; no daily sums."""
        if name == RAIN and self.temperature is not None:
            self._count(batches[RAIN], batches[self.temperature])
        return {}

    def rows(self, name: str, means: Means, counts: np.ndarray) -> Iterator[Row]:
        """Yield `cc_rate` per percentile, and the curve `cc_rate_binned`."""
        if name != RAIN or self.temperature is None:
            return
        first = np.unique(self.inputs.labels, return_index=True)[1]
        for source, wet in self.counts.items():
            yield from _rows(source, wet.number, counts[:, first], self.options)

    def _count(self, rain: Batch, temperature: Batch) -> None:
        weights, block = self.weights[rain.days], self.inputs.labels[rain.days]
        for source in ("", "_reference"):
            self._add(source, self.fine, weights, block, (rain.fine, temperature.fine))
        coarse = tuple({"_input": batch.coarse} for batch in (rain, temperature))
        self._add("_input", self.coarse, weights, block, coarse)

    def _add(
        self,
        source: str,
        means: WetClimate,
        weights: np.ndarray,
        block: np.ndarray,
        fields: tuple[dict[str, np.ndarray], dict[str, np.ndarray]],
    ) -> None:
        rain, temperature = (field[source] for field in fields)
        mean_rain, mean_temperature = (
            on_days(mean, weights)[:, None] for mean in (means.rain, means.temperature)
        )
        wet = np.where(rain >= self.options.wet_mm_day, rain, np.nan)
        self.counts[source].add(block, temperature - mean_temperature, wet / mean_rain)


def _rows(
    source: str, number: np.ndarray, counts: np.ndarray, options: ClausiusClapeyron
) -> Iterator[Row]:
    """Yield the rows of one source; `counts` (1 + replicates, block)."""
    count, temperature = resampled(number, counts, options.temperature_bins)
    fewest = count[0].sum(axis=1).min()
    for percent in options.percentiles:
        heavy = percentile(count, percent)
        if fewest * (1 - percent / 100) < options.fewest_beyond:
            heavy = np.full_like(heavy, np.nan)
        rate = rate_percent_per_k(heavy, temperature)
        yield CC_RATE.of(source).row(rate, threshold=percent)
        for column in range(options.temperature_bins):
            mean = float(temperature[0, column])
            yield CC_RATE_BINNED.of(source).row(heavy[:, column], mean, percent)


LAW = TemperatureScaling
