"""The metrics of an ensemble: found by listing `scores/metrics/`, in the order of the tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from downbench.core.discovery import modules_of
from downbench.core.errors import UserError
from downbench.scores import metrics as folder
from downbench.scores.context import Context
from downbench.scores.metric import DailyStatistic, Metric, Series
from downbench.scores.paired_fields import PairedFields
from downbench.scores.statistics import Means, Statistics
from downbench.scores.table import Row

GUIDE = "docs/add-a-metric.md"


@dataclass(frozen=True)
class Family:
    """One file of `scores/metrics/` and the metrics that it declares."""

    module: ModuleType
    metrics: tuple[Metric, ...]

    @property
    def name(self) -> str:
        """Name of the file."""
        return self.module.__name__.rpartition(".")[2]

    @property
    def is_daily(self) -> bool:
        """Are its metrics formed from mean daily statistics?"""
        return not hasattr(self.module, "SERIES")

    @property
    def seasonal(self) -> frozenset[str]:
        """Names of the metrics that are given by season, too."""
        return frozenset(metric.name for metric in self.metrics if metric.seasonal)

    def at_stations(self, by_season: bool) -> frozenset[str]:
        """Names of the metrics that are kept with a handful of stations."""
        kept = ("seasons",) if by_season else ("seasons", "all")
        return frozenset(metric.name for metric in self.metrics if metric.at_stations in kept)

    def daily(self, fields: PairedFields, context: Context) -> Statistics:
        """Return the daily sums of a batch."""
        return self.module.daily(fields, context)

    def rows(self, means: Means, context: Context) -> Iterator[Row]:
        """Yield the metrics of mean statistics."""
        return self.declared(self.module.rows(means, context))

    def series(self, context: Context, area: object) -> Series:
        """Return a new collector of a series."""
        return self.module.SERIES(context, area)

    def declared(self, rows: Iterator[Row]) -> Iterator[Row]:
        """Pass rows on.

        Raises
        ------
        UserError
            When a row has a name that the file does not declare.
        """
        names = {metric.name for metric in self.metrics}
        for row in rows:
            if row.metric not in names:
                raise UserError(
                    f"{self.module.__file__}: a row of '{row.metric}', which the file does not "
                    f"declare: write a Metric of that name at module level ({GUIDE})"
                )
            yield row


@cache
def families() -> tuple[Family, ...]:
    """All files of the folder, by their `POSITION` and name."""
    return families_of(modules_of(folder))


def families_of(modules: tuple[ModuleType, ...]) -> tuple[Family, ...]:
    """Return the families of some modules.

    Raises
    ------
    UserError
        When a file declares no metric or lacks its functions, or two declare the same name.
    """
    families = tuple(Family(module, declared_in(module)) for module in modules)
    owners: dict[str, str] = {}
    for family in families:
        _refuse_incomplete(family)
        for metric in family.metrics:
            if owners.setdefault(metric.name, family.name) != family.name:
                raise UserError(
                    f"{family.module.__file__}: metric '{metric.name}' is declared in "
                    f"{owners[metric.name]}.py, too: give each name one file"
                )
    return families


def declared_in(module: ModuleType) -> tuple[Metric, ...]:
    """Metrics at module level, in the order of the file."""
    return tuple(value for value in vars(module).values() if isinstance(value, Metric))


def all_metrics() -> tuple[Metric, ...]:
    """All metrics, in the order of the tables."""
    return tuple(metric for family in families() for metric in family.metrics)


def daily_families() -> tuple[Family, ...]:
    """Families whose metrics are formed from mean daily statistics."""
    return tuple(family for family in families() if family.is_daily)


def series_families() -> tuple[Family, ...]:
    """Families that are collected from series of days."""
    return tuple(family for family in families() if not family.is_daily)


def curves() -> frozenset[str]:
    """Names of metrics whose rows are points of a curve."""
    return frozenset(metric.name for metric in all_metrics() if metric.curve)


def daily_statistics_kept() -> tuple[DailyStatistic, ...]:
    """Daily statistics that the daily file keeps for comparisons in pairs."""
    kept = [metric.pairs for metric in all_metrics() if metric.pairs is not None]
    return tuple(dict.fromkeys(kept))


def _refuse_incomplete(family: Family) -> None:
    required = ("daily", "rows") if family.is_daily else ("SERIES",)
    missing = [name for name in required if not hasattr(family.module, name)]
    missing += [] if family.metrics else ["a Metric at module level"]
    if missing:
        raise UserError(f"{family.module.__file__}: lacks {', '.join(missing)} ({GUIDE})")
    for metric in () if family.is_daily else family.metrics:
        if metric.seasonal or metric.pairs or metric.at_stations != "never":
            raise UserError(
                f"{family.module.__file__}: '{metric.name}' is collected from a series: remove "
                "seasonal, at_stations and pairs, which need means over days"
            )
