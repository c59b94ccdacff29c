"""A series of days in slabs: what is held in memory at a time, wherever it is scored."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from downbench.scores.day_windows import LONGEST_WINDOW_DAYS, run_lengths
from downbench.scores.paired_fields import PairedFields, fields

SLAB_VALUES = 2**24
BATCH_VALUES = 2**20
DAYS_BEFORE = LONGEST_WINDOW_DAYS - 1
"""So many days before it a slab or a batch has with it."""


@dataclass(frozen=True)
class Slab:
    """Consecutive days of one variable, with the days before them where there are any.

    members : (day, member, y, x), perhaps lazy
    reference : (day, y, x)
    years : (day,) labels
    follows : (day,) is a day the one after the day before it?
    ahead : how many of the first days belong to the slab before; as many as windows reach back
    redraws : (day, member, y, x), perhaps lazy: other outcomes of these days, if they are known
    """

    members: xr.DataArray
    reference: np.ndarray
    years: np.ndarray
    follows: np.ndarray
    ahead: int
    redraws: xr.DataArray | None = None


def slabs(
    members: xr.DataArray,
    reference: np.ndarray,
    years: np.ndarray,
    follows: np.ndarray,
    redraws: xr.DataArray | None = None,
) -> Iterator[Slab]:
    """The whole series, so many days at a time as are held in memory."""
    days = days_at_once(members, SLAB_VALUES)
    for start in range(0, len(reference), days):
        ahead = min(start, DAYS_BEFORE)
        part = slice(start - ahead, start + days)
        yield Slab(
            members.isel(time=part),
            reference[part],
            years[part],
            follows[part],
            ahead,
            None if redraws is None else redraws.isel(time=part),
        )


@dataclass(frozen=True)
class _Loaded:
    """Days in memory, of which batches are cut."""

    members: np.ndarray
    reference: np.ndarray
    area: np.ndarray
    stamps: np.ndarray
    redraws: np.ndarray | None

    def fields(self, days: slice) -> PairedFields:
        """Return some of the days."""
        return fields(
            self.members[days].astype(np.float32, copy=False),
            self.reference[days].astype(np.float32, copy=False),
            self.area,
            tuple(self.stamps[days]),
            None if self.redraws is None else self.redraws[days],
        )


def batches(
    members: xr.DataArray,
    reference: np.ndarray,
    area: np.ndarray,
    redraws: xr.DataArray | None = None,
    follows: np.ndarray | None = None,
    ahead: int = 0,
) -> Iterator[PairedFields]:
    """Days in small batches that stay in cache, read from the store in larger slabs.

    The first `ahead` days belong to no batch. With `follows` (day,), as in `Slab`, a batch has the
    days before it and the length of its runs of days.
    """
    members = members.transpose("time", "member", "y", "x")
    slab, step = (days_at_once(members, size) for size in (SLAB_VALUES, BATCH_VALUES))
    stamps = _stamps(members["time"].values)
    for start in range(ahead, len(reference), slab):
        before = 0 if follows is None else min(start, DAYS_BEFORE)
        part = slice(start - before, start + slab)
        loaded = _Loaded(
            members.isel(time=part).values,
            reference[part],
            area,
            stamps[part],
            None if redraws is None else redraws[part].values,
        )
        for first in range(before, len(loaded.reference), step):
            days = slice(first, first + step)
            if follows is None:
                yield loaded.fields(days)
            else:
                yield _after_others(loaded, days, follows[part])


def _after_others(loaded: _Loaded, days: slice, follows: np.ndarray) -> PairedFields:
    """Return the fields of `days` with the days before them and the length of their runs."""
    before = slice(max(0, days.start - DAYS_BEFORE), days.start)
    run_days = run_lengths(follows[before.start : days.stop])[days.start - before.start :]
    previous = loaded.fields(before) if days.start else None

    return replace(loaded.fields(days), previous=previous, run_days=run_days)


def days_at_once(members: xr.DataArray, values: int) -> int:
    """Days of (time, …) that hold so many values."""
    return max(1, values * members.sizes["time"] // max(1, members.size))


def _stamps(time: np.ndarray) -> np.ndarray:
    """Time stamps as text, to the second, whatever unit a store keeps them in."""
    if np.issubdtype(time.dtype, np.datetime64):
        time = time.astype("datetime64[s]")

    return time.astype(str)
