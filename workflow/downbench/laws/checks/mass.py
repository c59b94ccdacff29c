"""Mass conservation: do block means of the members equal the coarse input?"""

from collections.abc import Iterator, Mapping

import numpy as np
import xarray as xr

from downbench.core.variables import RAIN, TEMPERATURES, VARIABLES
from downbench.laws.batch import SOURCES, Batch
from downbench.laws.law import TEMPERATURE, Law, LawMetric
from downbench.laws.violation_counts import rate_rows, violation_counts
from downbench.physics.mass_conservation import block_mean_error
from downbench.scores.statistics import Means, Statistics
from downbench.scores.table import Row

POSITION = 10
STATISTIC = "mass_violation"
RAIN_RATE = LawMetric(
    name="mass_violation_rate",
    unit="%",
    best="none",
    meaning="Share of coarse cells, {day}s and members whose block mean of rain is not the "
    "driver's, beyond the tolerance that the verdict names.",
    definition="|block mean of a member − driver| > max(absolute, relative tolerance), per "
    "tolerance `threshold` [percent of rain, or K].",
    lower_bound=0,
    upper_bound=1,
    factor=100,
    heading="Mass, rain",
    position=10,
    headline=True,
    tolerance="headline_percent",
)
TEMPERATURE_RATE = LawMetric(
    name="mass_violation_rate",
    unit="%",
    best="none",
    meaning="The same of temperature, beyond its tolerance in K.",
    lower_bound=0,
    upper_bound=1,
    factor=100,
    heading="Mass, temperature",
    position=20,
    headline=True,
    variable=TEMPERATURE,
    tolerance="headline_k",
)


class MassConservation(Law):
    """Block means of members, reference and interpolations against the driver."""

    @classmethod
    def skipped(cls, driver: xr.Dataset, variables: list[str]) -> Iterator[str]:
        """Yield each variable that has no tolerance, or that the driver lacks."""
        for name in variables:
            if not _has_tolerance(name):
                units = VARIABLES[name].units
                yield f"mass conservation of {name}: no tolerance in {units} is configured"
            elif name not in driver:
                yield f"mass conservation of {name}: the driver has no {name}"

    def daily(self, name: str, batches: Mapping[str, Batch]) -> Statistics:
        """Return daily counts of violations for the members and their floors."""
        if name not in self.inputs.driver or not _has_tolerance(name):
            return {}
        batch, checks = batches[name], self.inputs.tolerances
        statistics = {}
        for source in SOURCES:
            error = block_mean_error(batch.fine[source], batch.coarse, batch.area, batch.factor)
            statistics[f"{STATISTIC}{source}"] = violation_counts(
                error, batch.coarse, batch.valid, name, checks
            )

        return statistics

    def rows(self, name: str, means: Means, counts: np.ndarray) -> Iterator[Row]:
        """Yield `mass_violation_rate` and its floors per tolerance."""
        if STATISTIC in means:
            metric = RAIN_RATE if name == RAIN else TEMPERATURE_RATE
            yield from rate_rows(metric, means, STATISTIC, name, self.inputs.tolerances)


def _has_tolerance(name: str) -> bool:
    """Return whether the configured tolerances, in percent of rain and in K, fit a variable."""
    return name == RAIN or name in TEMPERATURES


LAW = MassConservation
