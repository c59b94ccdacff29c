"""Lag-1 autocorrelation from day to day, of the field and of its detail.

Only pairs of truly consecutive days count, never the jump over a gap (trap T27). Covariances are
taken per cell about the cell's own mean and summed over cells before the ratio. The detail is the
field minus its block mean: samples drawn independently each day lose their memory there first.
"""

from collections.abc import Iterator

import numpy as np

from downbench.core.spatial.grids import block_mean, upsample_nearest
from downbench.scores import pair_sums
from downbench.scores.context import Context
from downbench.scores.metric import DayLabels, Metric, Series
from downbench.scores.paired_fields import PairedFields
from downbench.scores.table import Row

POSITION = 130
FEWEST_PAIRS = 3
LAG1 = Metric(
    name="lag1",
    unit="1",
    best="reference",
    meaning="Correlation of a {day} with the {day} before, in single members.",
    definition="Over pairs of truly consecutive days, covariances about each cell's mean, summed "
    "over cells.",
    heading="Lag-1 autocorrelation",
    position=200,
)
LAG1_REFERENCE = LAG1.of_reference("lag1_reference")
LAG1_DETAIL = Metric(
    name="lag1_detail",
    unit="1",
    best="reference",
    meaning="The same for what the coarse input does not hold: each field minus its block means.",
    heading="Lag-1, detail only",
    position=210,
)
LAG1_DETAIL_REFERENCE = LAG1_DETAIL.of_reference("lag1_detail_reference")


class Persistence(Series):
    """Sums over consecutive pairs of days for members and reference, whole fields and details."""

    def __init__(self, context: Context, area: np.ndarray) -> None:
        """`area` (y, x): of the cells [m2]."""
        super().__init__(context, area)
        self._sums: dict[str, np.ndarray] = {}
        self._last: dict[str, np.ndarray] | None = None

    def precede(self, fields: PairedFields) -> None:
        """Take note of the last one of the days before the first one."""
        self._last = {name: values[-1:] for name, values in self._series(fields).items()}

    def add(self, fields: PairedFields, days: DayLabels) -> None:
        """Take in some days."""
        series, follows = self._series(fields), days.follows
        if self._last is not None:
            series = {
                name: np.concatenate([self._last[name], values]) for name, values in series.items()
            }
        else:
            follows = follows[1:]
        self._last = {name: values[-1:] for name, values in series.items()}
        if not follows.any():
            return
        for name, values in series.items():
            sums = _pair_sums(values[:-1][follows], values[1:][follows])
            self._sums[name] = self._sums.get(name, 0) + sums

    def join(self, part: "Persistence") -> None:
        """Take in the pairs of other days."""
        for name, sums in part._sums.items():
            self._sums[name] = self._sums.get(name, 0) + sums

    def _series(self, fields: PairedFields) -> dict[str, np.ndarray]:
        """(day, member, y, x) of each series, about the climate's mean; NaN where left out."""
        centre = np.float32(self.context.climate.mean)
        hole = (fields.weight == 0)[:, None]
        members = np.where(hole, np.nan, fields.members) - centre
        reference = np.where(hole, np.nan, fields.reference[:, None]) - centre
        return {
            "lag1": members,
            "lag1_reference": reference,
            "lag1_detail": self._detail(members),
            "lag1_detail_reference": self._detail(reference),
        }

    def _detail(self, field: np.ndarray) -> np.ndarray:
        factor = self.context.factor
        return field - upsample_nearest(block_mean(field, factor, self.area), factor)

    def rows(self) -> Iterator[Row]:
        """`lag1`, `lag1_detail` and their `_reference`; NaN without consecutive days."""
        for metric in (LAG1, LAG1_REFERENCE, LAG1_DETAIL, LAG1_DETAIL_REFERENCE):
            sums = self._sums.get(metric.name)
            yield metric.row(np.nan if sums is None else self._correlation(sums))

    def _correlation(self, sums: np.ndarray) -> float:
        """Pooled over cells by area, of sums (6, y, x)."""
        return float(pair_sums.correlation(sums.reshape(6, -1), self.area.ravel(), FEWEST_PAIRS))


def _pair_sums(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Sums per cell of pairs (pair, member, y, x): count, a, b, a², b², ab, (6, y, x)."""
    valid = np.isfinite(before) & np.isfinite(after)
    if not valid.all():
        before, after = np.where(valid, before, 0), np.where(valid, after, 0)
    products = ((before, before), (after, after), (before, after))
    sums = [valid.sum(axis=(0, 1)), before.sum(axis=(0, 1)), after.sum(axis=(0, 1))]
    sums += [np.einsum("tmyx,tmyx->yx", first, second) for first, second in products]

    return np.stack(sums).astype(np.float64)


SERIES = Persistence
