"""A series of days in slabs: what is held in memory at a time, wherever it is scored."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.scores.paired_fields import PairedFields, fields

SLAB_VALUES = 2**24
BATCH_VALUES = 2**20


@dataclass(frozen=True)
class Slab:
    """Consecutive days of one variable, with the day before them where there is one.

    members : (day, member, y, x), perhaps lazy
    reference : (day, y, x)
    years : (day,) labels
    follows : (day,) is a day the one after the day before it?
    ahead : how many of the first days, 0 or 1, belong to the slab before
    redraws : (day, member, y, x), perhaps lazy: other outcomes of these days, if they are known
    log_density : (day, y, x) exact log density of the reference [nat], if the model has one
    """

    members: xr.DataArray
    reference: np.ndarray
    years: np.ndarray
    follows: np.ndarray
    ahead: int
    redraws: xr.DataArray | None = None
    log_density: xr.DataArray | None = None

    def batches(self, area: np.ndarray) -> Iterator[PairedFields]:
        """Yield its days in batches, without the day before them."""
        days = slice(self.ahead, None)
        redraws, densities = (
            None if field is None else field[days] for field in (self.redraws, self.log_density)
        )
        return batches(self.members[days], self.reference[days], area, redraws, densities)


def slabs(
    members: xr.DataArray,
    reference: np.ndarray,
    years: np.ndarray,
    follows: np.ndarray,
    redraws: xr.DataArray | None = None,
    log_density: xr.DataArray | None = None,
) -> Iterator[Slab]:
    """The whole series, so many days at a time as are held in memory."""
    days = days_at_once(members, SLAB_VALUES)
    for start in range(0, len(reference), days):
        ahead = min(start, 1)
        part = slice(start - ahead, start + days)
        yield Slab(
            members.isel(time=part),
            reference[part],
            years[part],
            follows[part],
            ahead,
            *(None if f is None else f.isel(time=part) for f in (redraws, log_density)),
        )


def batches(
    members: xr.DataArray,
    reference: np.ndarray,
    area: np.ndarray,
    redraws: xr.DataArray | None = None,
    log_density: xr.DataArray | None = None,
) -> Iterator[PairedFields]:
    """Days in small batches that stay in cache, read from the store in larger slabs."""
    members = members.transpose("time", "member", "y", "x")
    slab, step = (days_at_once(members, size) for size in (SLAB_VALUES, BATCH_VALUES))
    stamps = _stamps(members["time"].values)
    for start in range(0, len(reference), slab):
        loaded = members.isel(time=slice(start, start + slab)).values
        outcomes = None if redraws is None else redraws[start : start + slab].values
        for first in range(0, len(loaded), step):
            days = slice(start + first, start + min(first + step, len(loaded)))
            yield fields(
                loaded[first : first + step].astype(np.float32, copy=False),
                reference[days].astype(np.float32, copy=False),
                area,
                tuple(stamps[days]),
                None if outcomes is None else outcomes[first : first + step],
                None if log_density is None else log_density[days].values,
            )


def days_at_once(members: xr.DataArray, values: int) -> int:
    """Days of (time, …) that hold so many values."""
    return max(1, values * members.sizes["time"] // max(1, members.size))


def _stamps(time: np.ndarray) -> np.ndarray:
    """Time stamps as text, to the second, whatever unit a store keeps them in."""
    if np.issubdtype(time.dtype, np.datetime64):
        time = time.astype("datetime64[s]")

    return time.astype(str)
