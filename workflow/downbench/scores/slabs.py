"""A series of days in slabs: what is held in memory at a time, wherever it is scored."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr


@dataclass(frozen=True)
class Slab:
    """Consecutive days of one variable, with the day before them where there is one.

    members : (day, member, y, x), perhaps lazy
    reference : (day, y, x)
    years : (day,) labels
    follows : (day,) is a day the one after the day before it?
    ahead : how many of the first days, 0 or 1, belong to the slab before
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
    days: int,
    redraws: xr.DataArray | None = None,
) -> Iterator[Slab]:
    """The whole series, `days` days at a time."""
    for start in range(0, len(reference), days):
        ahead = min(start, 1)
        part = slice(start - ahead, start + days)
        yield Slab(
            members.isel(time=part),
            reference[part],
            years[part],
            follows[part],
            ahead,
            None if redraws is None else redraws.isel(time=part),
        )
