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
    redraws : (day, redraw, y, x)
        Other outcomes of the same days, where the distribution of the reference is known: proper
        scores are means over them. Valid where the reference is.
    previous : days of the series before the first one, if there are and a window needs them
    run_days : (day,)
        Days in a row up to each day, as far as `previous` shows; None where order means nothing.
    """

    members: np.ndarray
    reference: np.ndarray
    weight: np.ndarray
    stamps: tuple[str, ...]
    redraws: np.ndarray | None = None
    previous: "PairedFields | None" = None
    run_days: np.ndarray | None = None

    @cached_property
    def deviation(self) -> np.ndarray:
        """Members minus reference, (day, member, y, x): small enough to be exact in float32."""
        return self.members - self.reference[:, None]

    @cached_property
    def ordered(self) -> np.ndarray:
        """`deviation` sorted along the member axis."""
        return np.sort(self.deviation, axis=1)

    @property
    def outcomes(self) -> np.ndarray:
        """Redraws or reference: what proper scores are means over, (day, outcome, y, x)."""
        return self.reference[:, None] if self.redraws is None else self.redraws

    @cached_property
    def outcome_deviation(self) -> np.ndarray:
        """`outcomes` minus reference, (day, outcome, y, x)."""
        return self.outcomes - self.reference[:, None]

    @property
    def size(self) -> int:
        """Number of members."""
        return self.members.shape[1]


def fields(
    members: np.ndarray,
    reference: np.ndarray,
    area: np.ndarray,
    stamps: tuple[str, ...],
    redraws: np.ndarray | None = None,
) -> PairedFields:
    """Return the fields with the cell areas (y, x) [m2] as weights of the valid cells."""
    valid = np.isfinite(reference) & np.isfinite(members).all(axis=1)
    return PairedFields(members, reference, np.where(valid, area, 0.0), stamps, redraws)


def pooled(fine: PairedFields, factor: int) -> PairedFields:
    """Return area-weighted block means over factor × factor cells (trap T19).

    A block is the mean of the cells that are valid in the reference and in all members.
    """
    if factor == 1:
        return fine
    hole = fine.weight == 0
    area = fine.weight.max(axis=0)
    weight = to_blocks(fine.weight, factor).sum(axis=(-3, -1))

    def means(values: np.ndarray) -> np.ndarray:
        """Of (day, any, y, x)."""
        valid = np.where(hole[:, None], np.nan, values) if hole.any() else values
        return block_mean(valid, factor, area)

    return PairedFields(
        means(fine.members),
        means(fine.reference[:, None])[:, 0],
        weight,
        fine.stamps,
        None if fine.redraws is None else means(fine.redraws),
    )
