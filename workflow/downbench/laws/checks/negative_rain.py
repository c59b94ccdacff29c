"""Rain is not negative."""

from collections.abc import Iterator, Mapping

import numpy as np
import xarray as xr

from downbench.core.variables import RAIN
from downbench.laws.batch import Batch
from downbench.laws.law import Law, LawMetric, cell_counts
from downbench.scores.statistics import Means, Statistics
from downbench.scores.table import Row

POSITION = 20
STATISTIC = "negative_rain"
SOURCES = ("", "_reference")
RATE = LawMetric(
    name="negative_rain_rate",
    unit="%",
    best="none",
    meaning="Share of fine cells, {day}s and members with rain below zero.",
    lower_bound=0,
    upper_bound=1,
    factor=100,
    heading="Negative rain",
    position=70,
)


class RainNotNegative(Law):
    """Fine cells with rain below zero."""

    @classmethod
    def skipped(cls, driver: xr.Dataset, variables: list[str]) -> Iterator[str]:
        """Yield a sentence where there is no rain."""
        if RAIN not in variables:
            yield f"rain not negative: the ensemble has no {RAIN}"

    def daily(self, name: str, batches: Mapping[str, Batch]) -> Statistics:
        """Return daily counts of cells below zero, for members and reference."""
        if name != RAIN:
            return {}
        fine = batches[name].fine
        return {f"{STATISTIC}{end}": cell_counts(fine[end] < 0, fine[end]) for end in SOURCES}

    def rows(self, name: str, means: Means, counts: np.ndarray) -> Iterator[Row]:
        """Yield `negative_rain_rate` of members and reference."""
        for source in SOURCES if name == RAIN else ():
            yield RATE.of(source).row(means.scalar(f"{STATISTIC}{source}"))


LAW = RainNotNegative
