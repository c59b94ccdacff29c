"""Parts of a series that a model samples one after the other, with the context that it needs."""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import xarray as xr

from downbench.labs.base import Trained


def context_days(trained: Trained) -> int:
    """Return how many days before and after a day the model needs; 0 unless it says so."""
    return getattr(trained, "context_days", 0)


def parts(
    days: xr.Dataset, series: xr.Dataset, context: int, days_at_once: int
) -> Iterator[tuple[xr.Dataset, xr.DataArray]]:
    """Split days into parts that are sampled one after the other.

    Parameters
    ----------
    days : (time, Y, X)
        Days to sample, of `series` and in its order.
    series : (time, Y, X)
        The whole driver.
    context
        Days before and after that the model needs [days].
    days_at_once
        Size of a part without context [days].

    Yields
    ------
    The driver of a part, and the times of it that are sampled. Without context these are all
    times, at most `days_at_once`. With context a part is a whole spell, from its first day to its
    last without a gap, and the days within `context` days of it: samples never depend on a
    division into parts. Where the series ends or has a gap, the days of the context are absent
    from `time`.
    """
    if context == 0:
        for start in range(0, days.sizes["time"], days_at_once):
            part = days.isel(time=slice(start, start + days_at_once))
            yield part, part["time"]
        return
    times, margin = series["time"].to_index(), timedelta(days=context)
    for spell in _spells(days["time"], series["time"]):
        stamps = spell.to_index()
        is_near = (times >= stamps[0] - margin) & (times <= stamps[-1] + margin)
        yield series.isel(time=is_near), spell


def _spells(time: xr.DataArray, series: xr.DataArray) -> list[xr.DataArray]:
    """Return the stretches of `time` that are consecutive in the series."""
    index = series.to_index().get_indexer(time.to_index())
    starts = np.flatnonzero(np.diff(index) != 1) + 1
    return [time.isel(time=part) for part in np.split(np.arange(time.size), starts)]
