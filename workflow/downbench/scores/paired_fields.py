"""A few days of one variable: members, truth, and the weight of each cell."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from downbench.core.spatial.grids import block_mean, to_blocks


@dataclass(frozen=True)
class Fields:
    """What every metric family looks at.

    members : (day, member, y, x)
        Physical units; NaN where missing.
    truth : (day, y, x)
    weight : (day, y, x)
        Cell area [m2] where truth and all members are there, else 0 (trap T35).
    stamps : (day,)
        Time stamps as text: seeds that do not depend on the order of days.
    """

    members: np.ndarray
    truth: np.ndarray
    weight: np.ndarray
    stamps: tuple[str, ...]

    @cached_property
    def deviation(self) -> np.ndarray:
        """Members minus truth, (day, member, y, x): small numbers keep float32 exact enough."""
        return self.members - self.truth[:, None]

    @cached_property
    def ordered(self) -> np.ndarray:
        """`deviation` sorted along the member axis."""
        return np.sort(self.deviation, axis=1)

    @property
    def size(self) -> int:
        """Number of members."""
        return self.members.shape[1]


def fields(
    members: np.ndarray, truth: np.ndarray, area: np.ndarray, stamps: tuple[str, ...]
) -> Fields:
    """Fields with weights from the cell areas (y, x) and the cells that are there."""
    valid = np.isfinite(truth) & np.isfinite(members).all(axis=1)
    return Fields(members, truth, np.where(valid, area, 0.0), stamps)


def pooled(fine: Fields, factor: int) -> Fields:
    """Area-weighted block means of members and truth over factor × factor cells (trap T19).

    A block is the mean of the cells that are valid in truth and in all members.
    """
    if factor == 1:
        return fine
    hole = fine.weight == 0
    truth = np.where(hole, np.nan, fine.truth)
    members = np.where(hole[:, None], np.nan, fine.members) if hole.any() else fine.members
    area = fine.weight.max(axis=0)
    weight = to_blocks(fine.weight, factor).sum(axis=(-3, -1))

    return Fields(
        block_mean(members, factor, area), block_mean(truth, factor, area), weight, fine.stamps
    )
