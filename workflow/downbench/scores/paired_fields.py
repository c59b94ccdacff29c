"""An ensemble and its reference on a few days of one variable, with the weight of each cell."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from downbench.core.spatial.grids import block_mean, to_blocks


@dataclass(frozen=True)
class PairedFields:
    """The input of every metric that compares days.

    members : (day, member, y, x)
        Physical units; NaN where missing.
    reference : (day, y, x)
    weight : (day, y, x)
        Cell area [m2] where the reference and all members have values, else 0 (trap T35).
    stamps : (day,)
        Time stamps as text: seeds that do not depend on the order of days.
    """

    members: np.ndarray
    reference: np.ndarray
    weight: np.ndarray
    stamps: tuple[str, ...]

    @cached_property
    def deviation(self) -> np.ndarray:
        """Members minus reference, (day, member, y, x): small enough to be exact in float32."""
        return self.members - self.reference[:, None]

    @cached_property
    def ordered(self) -> np.ndarray:
        """`deviation` sorted along the member axis."""
        return np.sort(self.deviation, axis=1)

    @property
    def size(self) -> int:
        """Number of members."""
        return self.members.shape[1]


def fields(
    members: np.ndarray, reference: np.ndarray, area: np.ndarray, stamps: tuple[str, ...]
) -> PairedFields:
    """Return the fields with the cell areas (y, x) [m2] as weights of the valid cells."""
    valid = np.isfinite(reference) & np.isfinite(members).all(axis=1)
    return PairedFields(members, reference, np.where(valid, area, 0.0), stamps)


def pooled(fine: PairedFields, factor: int) -> PairedFields:
    """Return area-weighted block means over factor × factor cells (trap T19).

    A block is the mean of the cells that are valid in the reference and in all members.
    """
    if factor == 1:
        return fine
    hole = fine.weight == 0
    reference = np.where(hole, np.nan, fine.reference)
    members = np.where(hole[:, None], np.nan, fine.members) if hole.any() else fine.members
    area = fine.weight.max(axis=0)
    weight = to_blocks(fine.weight, factor).sum(axis=(-3, -1))

    return PairedFields(
        block_mean(members, factor, area), block_mean(reference, factor, area), weight, fine.stamps
    )
