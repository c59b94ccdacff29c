"""Largest value of each season-year at each cell: Rx1day of rain, TXx of temperature.

Taken per member and then averaged over members, cells and years (trap T22); years begin in the
region's own month, so a winter stays in one piece (trap T27). Only sampled days count, the same
for truth and members. A maximum is no mean of days: no bootstrap interval is given. Both are
indices of daily data; a target of finer frequency has neither.
"""

from collections.abc import Iterator

import numpy as np

from downbench.scores.context import Context
from downbench.scores.paired_fields import PairedFields
from downbench.scores.table import Row


class YearlyMaxima:
    """Running maxima per year label: members (member, y, x) and truth (y, x)."""

    def __init__(self) -> None:
        self._members: dict[str, np.ndarray] = {}
        self._truth: dict[str, np.ndarray] = {}

    def add(self, fine: PairedFields, years: np.ndarray) -> None:
        """Take in some days; `years` (day,) holds their labels."""
        hole = fine.weight == 0
        truth = np.where(hole, -np.inf, fine.reference)
        members = np.where(hole[:, None], -np.inf, fine.members)
        for year in np.unique(years):
            chosen = years == year
            self._raise(self._truth, str(year), truth[chosen].max(axis=0))
            self._raise(self._members, str(year), members[chosen].max(axis=0))

    def join(self, other: "YearlyMaxima") -> None:
        """Take in what other days have reached."""
        for own, others in ((self._truth, other._truth), (self._members, other._members)):
            for year, values in others.items():
                self._raise(own, year, values)

    @staticmethod
    def _raise(store: dict[str, np.ndarray], year: str, values: np.ndarray) -> None:
        store[year] = np.maximum(store[year], values) if year in store else values

    def rows(self, area: np.ndarray, context: Context) -> Iterator[Row]:
        """`rx1day` or `txx` with `_reference`, means over years, members and cells (y, x)."""
        name = "rx1day" if context.is_rain else "txx"
        yield Row(name, np.array([self._mean(self._members, area)]))
        yield Row(f"{name}_reference", np.array([self._mean(self._truth, area)]))

    @staticmethod
    def _mean(store: dict[str, np.ndarray], area: np.ndarray) -> float:
        values = np.concatenate([year.reshape(-1, *area.shape) for year in store.values()])
        weight = np.where(np.isfinite(values), area, 0.0)
        if weight.sum() == 0:
            return np.nan

        return float(np.average(np.where(weight > 0, values, 0.0), weights=weight))
