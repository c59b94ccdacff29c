"""A few days of one variable, with the fields that every law is checked on beside the members."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.spatial.grids import (
    block_mean,
    to_blocks,
    upsample_bilinear,
    upsample_nearest,
)
from downbench.scores.paired_fields import PairedFields
from downbench.scores.slabs import batches

SOURCES = ("", "_reference", "_bilinear", "_input")
"""Suffixes of metrics: the members, and their floors (the reference, bilinear interpolation of the
coarse input, and the input itself, put on each fine cell)."""


@dataclass(frozen=True)
class Batch:
    """Fields of the members, their floors and the driver on the same days.

    days : slice of the evaluated days
    fine : source → (day, member, y, x); NaN where the reference or a member is missing
    coarse : (day, 1, Y, X), the driver's variable
    area : (y, x) [m2]
    valid : (day, 1, Y, X) bool
        Where the input is there and the block has all cells that the reference has.
    """

    days: slice
    fine: dict[str, np.ndarray]
    coarse: np.ndarray
    area: np.ndarray
    valid: np.ndarray

    @property
    def factor(self) -> int:
        """Fine cells along one side of a coarse one."""
        return self.area.shape[-1] // self.coarse.shape[-1]

    @cached_property
    def blocks(self) -> dict[str, np.ndarray]:
        """Block means (day, member, Y, X) of each source, NaN where not valid."""
        return {
            source: np.where(self.valid, block_mean(field, self.factor, self.area), np.nan)
            for source, field in self.fine.items()
        }

    @cached_property
    def block_area(self) -> np.ndarray:
        """Area [m2] of the cells (day, 1, Y, X) that are there."""
        valid = np.isfinite(self.fine["_reference"])
        return to_blocks(valid * self.area, self.factor).sum(axis=(-3, -1))


def make_batches(
    members: xr.DataArray, reference: np.ndarray, area: np.ndarray, coarse: np.ndarray
) -> Iterator[Batch]:
    """Days of one variable, a few at a time.

    Parameters
    ----------
    members : (time, member, y, x)
        May be lazy.
    reference : (time, y, x)
    area : (y, x)
        [m2]
    coarse : (time, Y, X)
        The driver's variable of the same days.
    """
    refuse_other_grid(coarse.shape[-2:], reference.shape[-2:], str(members.name))
    start = 0
    for fields in batches(members, reference, area):
        days = slice(start, start + len(fields.reference))
        yield make_batch(days, fields, coarse[days], area)
        start = days.stop


def make_batch(days: slice, fields: PairedFields, coarse: np.ndarray, area: np.ndarray) -> Batch:
    """One batch; `coarse` (day, Y, X) belongs to the days of `fields`."""
    factor = area.shape[-1] // coarse.shape[-1]
    valid = fields.weight > 0
    floors = {
        "_reference": fields.reference,
        "_bilinear": upsample_bilinear(coarse, factor),
        "_input": upsample_nearest(coarse, factor),
    }
    fine = {"": np.where(valid[:, None], fields.members, np.nan)}
    fine |= {name: np.where(valid, field, np.nan)[:, None] for name, field in floors.items()}
    lost = np.isfinite(fields.reference) & ~valid
    complete = to_blocks(valid, factor).any(axis=(-3, -1))
    complete &= ~to_blocks(lost, factor).any(axis=(-3, -1))

    return Batch(days, fine, coarse[:, None], area, (complete & np.isfinite(coarse))[:, None])


def refuse_other_grid(coarse: tuple[int, ...], fine: tuple[int, ...], name: str) -> None:
    """Stop when the fine grid is no whole multiple of the coarse one."""
    factor = fine[-1] // coarse[-1]
    if factor < 1 or (coarse[0] * factor, coarse[1] * factor) != tuple(fine):
        raise UserError(
            f"{name}: the driver's grid of {coarse[0]} × {coarse[1]} cells does not nest in the "
            f"fine grid of {fine[0]} × {fine[1]}: give the driver on the grid of the fine blocks"
        )
