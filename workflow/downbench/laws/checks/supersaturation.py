"""Air is not supersaturated: relative humidity does not exceed 100 % by more than a tolerance."""

from collections.abc import Iterator, Mapping

import numpy as np
import xarray as xr

from downbench.laws.batch import Batch
from downbench.laws.law import Law, LawMetric, cell_counts
from downbench.physics.saturation import HUMIDITY, supersaturated
from downbench.scores.statistics import Means, Statistics
from downbench.scores.table import Row

POSITION = 30
STATISTIC = "supersaturated"
SOURCES = ("", "_reference")
RATE = LawMetric(
    name="supersaturation_rate",
    unit="%",
    best="none",
    meaning="Share of fine cells, {day}s and members with supersaturated air.",
    definition="Relative humidity above 100 % + `supersaturation_percent`.",
    lower_bound=0,
    upper_bound=1,
    factor=100,
    variable=HUMIDITY,
)


class NoSupersaturation(Law):
    """Fine cells whose relative humidity is too high."""

    @classmethod
    def skipped(cls, driver: xr.Dataset, variables: list[str]) -> Iterator[str]:
        """Yield a sentence where there is no relative humidity."""
        if HUMIDITY not in variables:
            yield f"saturation: the ensemble has no {HUMIDITY}"

    def daily(self, name: str, batches: Mapping[str, Batch]) -> Statistics:
        """Return daily counts of supersaturated cells, for members and reference."""
        if name != HUMIDITY:
            return {}
        excess, fine = self.inputs.tolerances.supersaturation_percent, batches[name].fine
        return {
            f"{STATISTIC}{end}": cell_counts(supersaturated(fine[end], excess), fine[end])
            for end in SOURCES
        }

    def rows(self, name: str, means: Means, counts: np.ndarray) -> Iterator[Row]:
        """Yield `supersaturation_rate` of members and reference."""
        for source in SOURCES if name == HUMIDITY else ():
            yield RATE.of(source).row(means.scalar(f"{STATISTIC}{source}"))


LAW = NoSupersaturation
