"""A metric: one name in the tables of scores, with all that tables, pages and docs say about it.

Each file of `scores/metrics/` is a family of metrics. It declares a `Metric` per name at module
level, next to the functions that compute it (docs/add-a-metric.md):

* `daily(fields, context) -> Statistics` returns sums per day, which are averaged and resampled;
* `rows(means, context) -> Iterator[Row]` forms metrics from mean statistics;
* `SERIES`, a subclass of `Series`, stands in place of both where days cannot be averaged.

`scores.metric_registry` finds the files; nothing else lists metrics.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, Self

import numpy as np

from downbench.core.discovery import LAST
from downbench.scores.context import Context
from downbench.scores.paired_fields import PairedFields
from downbench.scores.table import Row

Best = Literal["low", "high", "one", "zero", "reference", "none"]
BEST = {
    "low": "lower is better",
    "high": "higher is better",
    "one": "1 is best",
    "zero": "0 is best",
    "reference": "nearest to the reference is best",
    "none": "for information",
}
IDEAL = {"one": 1.0, "zero": 0.0}
REFERENCE = "_reference"


@dataclass(frozen=True)
class DailyStatistic:
    """A daily statistic that the daily file keeps, so that two models can be compared in pairs.

    dimension : of its values on a day: scale, percentile, threshold, wavelength or bin
    intermittent_only : is it kept for variables with dry days alone?
    """

    name: str
    dimension: str | None = None
    intermittent_only: bool = False


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One metric of the tidy table.

    name : as in the column `metric`
    unit : `{unit}` stands for the variable's own
    best : which value is the best one
    meaning : one or two sentences for a reader of the page; `{day}` is filled in by the page
    definition : formula and details, for docs/methods/scores.md
    lower_bound, upper_bound : the true value is never beyond; intervals are cut there
    heading : words above the column of the score table; without it the page shows no column.
        `{climatology}` and `{reference}` are models of the experiment, `{threshold}` the row's
    position : place of that column, small numbers to the left
    thresholds : one column for each of these, where the metric has several rows
    headline : is it a column of the short tables in docs/results?
    curve : are its rows points of a curve? Such rows are left out of comparisons
    seasonal : is it given by season, too?
    at_stations : is it kept with a handful of stations, over all days or by season, too?
    needs_ensemble : is it undefined for a single field?
    factor : from the table's unit to `unit`, for the page
    pairs : daily statistic that the daily file keeps for comparisons in pairs
    """

    name: str
    unit: str
    best: Best
    meaning: str
    definition: str = ""
    lower_bound: float = -np.inf
    upper_bound: float = np.inf
    heading: str = ""
    position: int = LAST
    thresholds: tuple[float, ...] = ()
    headline: bool = False
    curve: bool = False
    seasonal: bool = False
    at_stations: Literal["never", "all", "seasons"] = "never"
    needs_ensemble: bool = False
    factor: float = 1.0
    pairs: DailyStatistic | None = None

    def __post_init__(self) -> None:
        if self.best not in BEST:
            raise ValueError(f"metric {self.name}: best = '{self.best}': use one of {list(BEST)}")
        if not self.meaning.endswith("."):
            raise ValueError(f"metric {self.name}: write its meaning as a sentence")

    @property
    def ideal(self) -> float | None:
        """The best possible value, where it is the same for all data."""
        return self.lower_bound if self.best == "low" else IDEAL.get(self.best)

    def row(
        self,
        value: np.ndarray | float,
        scale: float = np.nan,
        threshold: float = np.nan,
        lower_bound: float | None = None,
        times: int | None = None,
    ) -> Row:
        """Return a row of the table.

        Parameters
        ----------
        value : (1 + replicates,), or one number
        scale, threshold
            As in `Row`.
        lower_bound
            Instead of the metric's own, where it depends on the variable.
        times
            As in `Row`.
        """
        lower = float(self.lower_bound if lower_bound is None else lower_bound)
        values = np.atleast_1d(np.asarray(value))
        return Row(self.name, values, scale, threshold, lower, float(self.upper_bound), times)

    def versus(self, model: str) -> Self:
        """Return the metric of the change from another model to this one."""
        return replace(self, name=f"{self.name}_versus_{model}")

    def of_reference(self, name: str, pairs: DailyStatistic | None = None) -> Self:
        """Return the same statistic of the reference; `name` is spelled out to be searched for."""
        if name != f"{self.name}{REFERENCE}":
            raise ValueError(f"metric {name}: write {self.name}{REFERENCE}")
        meaning = f"`{self.name}` of the reference itself."
        return replace(
            self, name=name, best="none", meaning=meaning, definition="", heading="", pairs=pairs,
            headline=False, needs_ensemble=False,
        )  # fmt: skip


@dataclass(frozen=True)
class DayLabels:
    """What is known of a batch of days.

    years : (day,) label of the season-year
    follows : (day,) is a day the one after the day before it?
    """

    years: np.ndarray
    follows: np.ndarray


class Series:
    """Metrics that are no mean of days: collected from batches of days in order.

    Parts of a series are collected apart and joined, so `join` must not depend on the order.
    """

    def __init__(self, context: Context, area: np.ndarray) -> None:
        """`area` (y, x): of the cells [m2]."""
        self.context, self.area = context, area

    def precede(self, fields: PairedFields) -> None:
        """Take note of the days before the first one, which belong to another part."""

    def add(self, fields: PairedFields, days: DayLabels) -> None:
        """Take in some days."""
        raise NotImplementedError

    def join(self, part: Self) -> None:
        """Take in what another part of the series has collected."""
        raise NotImplementedError

    def rows(self) -> Iterator[Row]:
        """Yield the metrics of all days."""
        raise NotImplementedError
