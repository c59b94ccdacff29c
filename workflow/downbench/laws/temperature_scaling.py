"""Clausius–Clapeyron scaling: how much heavier is heavy rain on warmer days?"""

from collections.abc import Iterator

import numpy as np
import xarray as xr

from downbench.core.config.laws import ClausiusClapeyron
from downbench.laws.batch import Batch
from downbench.physics.clausius_clapeyron import (
    Counts,
    percentile,
    rate_percent_per_k,
    resampled,
)
from downbench.physics.wet_climate import WetClimate, climate, day_weights, on_days
from downbench.scores.table import Row

SOURCES = ("", "_truth", "_input")


class Scaling:
    """Counts of wet values of the members, the truth and the coarse input, batch by batch.

    Each field is taken with its own temperature, and both are measured against the climate of the
    whole record: the target's on fine cells, the driver's on coarse ones.
    """

    def __init__(
        self,
        record: xr.Dataset,
        driver: xr.Dataset,
        temperature: str,
        days: tuple[xr.DataArray, np.ndarray],
        options: ClausiusClapeyron,
    ) -> None:
        """`days`: the evaluated times (time,) and their resampling blocks (time,) int."""
        self.temperature, self.options = temperature, options
        time, self.labels = days
        self.weights = day_weights(time, options.parts_of_year)
        self.fine, self.coarse = (
            climate(one, temperature, options.wet_mm_day, options.parts_of_year)
            for one in (record, driver)
        )
        self.counts = {source: Counts(int(self.labels.max()) + 1) for source in SOURCES}

    def add(self, rain: Batch, temperature: Batch) -> None:
        """Count the wet values of some days."""
        weights, block = self.weights[rain.days], self.labels[rain.days]
        for source in ("", "_truth"):
            self._add(source, self.fine, weights, block, (rain.fine, temperature.fine))
        coarse = tuple({"_input": one.coarse} for one in (rain, temperature))
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
        usual, warm = (on_days(one, weights)[:, None] for one in (means.rain, means.temperature))
        wet = np.where(rain >= self.options.wet_mm_day, rain, np.nan)
        self.counts[source].add(block, temperature - warm, wet / usual)

    def rows(self, counts: np.ndarray) -> Iterator[Row]:
        """`cc_rate` per percentile, and the curve `cc_rate_binned` that it is the slope of.

        counts : (1 + replicates, time), how often each day is in each resampled series.
        """
        first = np.unique(self.labels, return_index=True)[1]
        for source, one in self.counts.items():
            yield from _rows(source, one.number, counts[:, first], self.options)


def _rows(
    source: str, number: np.ndarray, drawn: np.ndarray, options: ClausiusClapeyron
) -> Iterator[Row]:
    count, temperature = resampled(number, drawn, options.temperature_bins)
    fewest = count[0].sum(axis=1).min()
    for percent in options.percentiles:
        heavy = percentile(count, percent)
        if fewest * (1 - percent / 100) < options.fewest_beyond:
            heavy = np.full_like(heavy, np.nan)
        rate = rate_percent_per_k(heavy, temperature)
        yield Row(f"cc_rate{source}", rate, threshold=percent)
        for column in range(options.temperature_bins):
            mean = float(temperature[0, column])
            yield Row(f"cc_rate_binned{source}", heavy[:, column], mean, percent)
