"""Largest value of each season-year at each cell: Rx1day of rain, TXx of temperature.

Taken per member and then averaged over members, cells and years (trap T22); years begin in the
region's own month, so a winter stays in one piece (trap T27). Only sampled days count, the same
for reference and members. A maximum is no mean of days: no bootstrap interval is given. Both are
indices of daily data; a target of finer frequency has neither.
"""

from collections.abc import Iterator

import numpy as np

from downbench.core.variables import VARIABLES
from downbench.scores.context import Context
from downbench.scores.metric import DayLabels, Metric, Series
from downbench.scores.paired_fields import PairedFields
from downbench.scores.table import Row

POSITION = 120
RX1DAY = Metric(
    name="rx1day",
    unit="mm day⁻¹",
    best="reference",
    meaning="Largest daily rain of a year, mean over cells, years and members.",
    definition="Largest value per season-year and cell among the sampled days, per member, then "
    "averaged; daily targets only.",
    heading="Rx1day",
    position=180,
)
RX1DAY_REFERENCE = RX1DAY.of_reference("rx1day_reference")
TXX = Metric(
    name="txx",
    unit="K",
    best="reference",
    meaning="Highest temperature of a year, mean over cells, years and members.",
    definition="As `rx1day`.",
    heading="TXx",
    position=190,
)
TXX_REFERENCE = TXX.of_reference("txx_reference")
INDICES = {RX1DAY.name: (RX1DAY, RX1DAY_REFERENCE), TXX.name: (TXX, TXX_REFERENCE)}


class YearlyMaxima(Series):
    """Running maxima per year label: members (member, y, x) and reference (y, x)."""

    def __init__(self, context: Context, area: np.ndarray) -> None:
        """`area` (y, x): of the cells [m2]."""
        super().__init__(context, area)
        self._members: dict[str, np.ndarray] = {}
        self._reference: dict[str, np.ndarray] = {}

    def add(self, fields: PairedFields, days: DayLabels) -> None:
        """Take in some days."""
        hole = fields.weight == 0
        reference = np.where(hole, -np.inf, fields.reference)
        members = np.where(hole[:, None], -np.inf, fields.members)
        for year in np.unique(days.years):
            in_year = days.years == year
            self._raise(self._reference, str(year), reference[in_year].max(axis=0))
            self._raise(self._members, str(year), members[in_year].max(axis=0))

    def join(self, part: "YearlyMaxima") -> None:
        """Take in the maxima of other days."""
        for maxima, more in ((self._reference, part._reference), (self._members, part._members)):
            for year, values in more.items():
                self._raise(maxima, year, values)

    @staticmethod
    def _raise(store: dict[str, np.ndarray], year: str, values: np.ndarray) -> None:
        store[year] = np.maximum(store[year], values) if year in store else values

    def rows(self) -> Iterator[Row]:
        """Yield the index of the variable, if it has one, and `_reference`: means over years."""
        if not self.context.is_daily:
            return
        name = VARIABLES[self.context.variable].yearly_maximum
        if name is None:
            return
        index, reference = INDICES[name]
        yield index.row(self._mean(self._members))
        yield reference.row(self._mean(self._reference))

    def _mean(self, store: dict[str, np.ndarray]) -> float:
        shape = self.area.shape
        values = np.concatenate([year.reshape(-1, *shape) for year in store.values()])
        weight = np.where(np.isfinite(values), self.area, 0.0)
        if weight.sum() == 0:
            return np.nan

        return float(np.average(np.where(weight > 0, values, 0.0), weights=weight))


SERIES = YearlyMaxima
