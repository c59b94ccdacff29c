"""Temperatures of a day are in order: minimum ≤ mean ≤ maximum."""

from collections.abc import Iterator, Mapping

import numpy as np
import xarray as xr

from downbench.laws.batch import Batch
from downbench.laws.law import TEMPERATURE, Law, LawMetric, cell_counts
from downbench.physics.order import ORDER, ordered_names, out_of_order
from downbench.scores.statistics import Means, Statistics
from downbench.scores.table import Row

POSITION = 40
STATISTIC = "out_of_order"
SOURCES = ("", "_reference")
RATE = LawMetric(
    name="temperature_order_violation_rate",
    unit="%",
    best="none",
    meaning="Share of fine cells, {day}s and members whose temperatures are out of order.",
    definition="tasmin > tas, or tas > tasmax, or tasmin > tasmax.",
    lower_bound=0,
    upper_bound=1,
    factor=100,
    variable=TEMPERATURE,
)


class TemperatureOrder(Law):
    """Fine cells in which a minimum exceeds a mean or maximum."""

    @classmethod
    def skipped(cls, driver: xr.Dataset, variables: list[str]) -> Iterator[str]:
        """Yield a sentence where there are fewer than two of the temperatures."""
        if len(ordered_names(variables)) < 2:
            yield f"order of temperatures: the ensemble lacks two of {', '.join(ORDER)}"

    def daily(self, name: str, batches: Mapping[str, Batch]) -> Statistics:
        """Return daily counts with the last of the temperatures, for members and reference."""
        names = ordered_names(batches)
        if len(names) < 2 or name != names[-1]:
            return {}
        statistics = {}
        for source in SOURCES:
            fine = {temperature: batches[temperature].fine[source] for temperature in names}
            total = sum(fine.values())
            statistics[f"{STATISTIC}{source}"] = cell_counts(out_of_order(fine), total)
        return statistics

    def rows(self, name: str, means: Means, counts: np.ndarray) -> Iterator[Row]:
        """Yield `temperature_order_violation_rate` of members and reference."""
        for source in SOURCES if STATISTIC in means else ():
            yield RATE.of(source).row(means.scalar(f"{STATISTIC}{source}"))


LAW = TemperatureOrder
