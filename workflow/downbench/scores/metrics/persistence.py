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
from downbench.scores.paired_fields import PairedFields
from downbench.scores.table import Row

FEWEST_PAIRS = 3


class Persistence:
    """Sums over consecutive pairs of days for members and truth, whole fields and details."""

    def __init__(self, context: Context, area: np.ndarray) -> None:
        self._context, self._area = context, area
        self._sums: dict[str, np.ndarray] = {}
        self._last: dict[str, np.ndarray] | None = None

    def add(self, fine: PairedFields, follows: np.ndarray) -> None:
        """Take in some days; `follows` (day,) is true where a day follows the one before it."""
        series = self._series(fine)
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

    def join(self, other: "Persistence") -> None:
        """Take in the pairs of other days, that are none of these."""
        for name, sums in other._sums.items():
            self._sums[name] = self._sums.get(name, 0) + sums

    def _series(self, fine: PairedFields) -> dict[str, np.ndarray]:
        """(day, member, y, x) of each series, about the climate's mean; NaN where left out."""
        centre = np.float32(self._context.climate.mean)
        hole = (fine.weight == 0)[:, None]
        members = np.where(hole, np.nan, fine.members) - centre
        truth = np.where(hole, np.nan, fine.reference[:, None]) - centre
        return {
            "lag1": members,
            "lag1_reference": truth,
            "lag1_detail": self._detail(members),
            "lag1_detail_reference": self._detail(truth),
        }

    def _detail(self, field: np.ndarray) -> np.ndarray:
        factor = self._context.factor
        return field - upsample_nearest(block_mean(field, factor, self._area), factor)

    def rows(self) -> Iterator[Row]:
        """`lag1`, `lag1_detail` and their `_reference`; NaN without consecutive days."""
        for name in ("lag1", "lag1_reference", "lag1_detail", "lag1_detail_reference"):
            value = self._correlation(self._sums[name]) if name in self._sums else np.nan
            yield Row(name, np.array([value]))

    def _correlation(self, sums: np.ndarray) -> float:
        """Pooled over cells by area, of sums (6, y, x)."""
        return float(pair_sums.correlation(sums.reshape(6, -1), self._area.ravel(), FEWEST_PAIRS))


def _pair_sums(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Sums per cell of pairs (pair, member, y, x): count, a, b, a², b², ab, (6, y, x)."""
    there = np.isfinite(before) & np.isfinite(after)
    if not there.all():
        before, after = np.where(there, before, 0), np.where(there, after, 0)
    products = ((before, before), (after, after), (before, after))
    sums = [there.sum(axis=(0, 1)), before.sum(axis=(0, 1)), after.sum(axis=(0, 1))]
    sums += [np.einsum("tmyx,tmyx->yx", one, other) for one, other in products]

    return np.stack(sums).astype(np.float64)
