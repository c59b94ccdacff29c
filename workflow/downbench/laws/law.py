"""A physical law that an ensemble is checked against.

Each file of `laws/checks/` holds one law: its `LawMetric`s, a subclass of `Law`, and the constant
`LAW` that names the class (docs/add-a-law.md). `laws.law_registry` finds the files; nothing else
lists laws.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np
import xarray as xr

from downbench.core.config.evaluation import Evaluation
from downbench.core.config.physics_checks import PhysicsChecks
from downbench.core.variables import RAIN
from downbench.laws.batch import Batch
from downbench.scores.alignment import common_variables
from downbench.scores.metric import Metric
from downbench.scores.statistics import Means, Statistic, Statistics
from downbench.scores.table import Row

TEMPERATURE = "temperature"


@dataclass(frozen=True, kw_only=True)
class LawMetric(Metric):
    """A metric of a law; its floors have the same name with an ending (`laws.batch.SOURCES`).

    variable : that the column is about, or `temperature` for the region's temperature
    tolerance : key of `evaluation.physics` whose value is the row's threshold
    """

    variable: str = RAIN
    tolerance: str | None = None

    def of(self, source: str) -> Self:
        """Return the metric of the members (no ending) or of a floor."""
        return replace(self, name=f"{self.name}{source}")


@dataclass(frozen=True)
class LawInputs:
    """An ensemble with all that it is checked against; fields on the evaluated days `index`.

    target, driver : all days of the target (time, y, x) and the driver (time, Y, X)
    labels : (time,) resampling block of each evaluated day
    """

    ensemble: xr.Dataset
    reference: xr.Dataset
    target: xr.Dataset
    driver: xr.Dataset
    settings: Evaluation
    index: np.ndarray
    labels: np.ndarray

    @property
    def variables(self) -> list[str]:
        """Variables that ensemble and reference share."""
        return common_variables(self.ensemble, self.reference)

    @property
    def tolerances(self) -> PhysicsChecks:
        """Section `evaluation.physics`."""
        return self.settings.physics


class Law:
    """One law over one ensemble; days arrive in batches.

    Class attributes
    ----------------
    per_coarse_cell
        Names of daily statistics that are kept for each coarse cell, (day, Y X); they are summed
        over cells for the table, and `maps` shows them.
    not_daily
        Names of daily statistics that the NetCDF leaves out.
    """

    per_coarse_cell: ClassVar[tuple[str, ...]] = ()
    not_daily: ClassVar[tuple[str, ...]] = ()

    def __init__(self, inputs: LawInputs) -> None:
        """Prepare what all batches need."""
        self.inputs = inputs

    @classmethod
    def skipped(cls, driver: xr.Dataset, variables: list[str]) -> Iterator[str]:
        """Yield a sentence for what cannot be checked, naming the fields that are absent.

        `variables`: those that ensemble and target share.
        """
        raise NotImplementedError

    def daily(self, name: str, batches: Mapping[str, Batch]) -> Statistics:
        """Return the daily sums for variable `name`; `batches` holds the same days of all."""
        raise NotImplementedError

    def rows(self, name: str, means: Means, counts: np.ndarray) -> Iterator[Row]:
        """Yield the metrics of variable `name`.

        `counts` (1 + replicates, time): how often each day is in each resampled series.
        """
        raise NotImplementedError

    @classmethod
    def maps(
        cls, name: str, statistics: Statistics, grid: tuple[int, int]
    ) -> dict[str, xr.Variable]:
        """Return maps and histograms of variable `name` for the NetCDF; `grid` is (Y, X)."""
        return {}


def cell_counts(mask: np.ndarray, values: np.ndarray) -> Statistic:
    """Daily counts of `mask` and finite `values` (day, member, y, x), averaged over members."""
    members = values.shape[1]
    count, valid = (cells.sum(axis=(1, 2, 3)) for cells in (mask, np.isfinite(values)))
    return Statistic(count[:, None] / members, valid[:, None] / members)
