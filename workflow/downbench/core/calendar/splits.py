"""Which days belong to which split, and the guard against scoring what was fitted on."""

from collections.abc import Iterable

import numpy as np
import xarray as xr

from downbench.core.calendar.dates import day_numbers
from downbench.core.config.region.splits import Splits
from downbench.core.constants import SPLITS
from downbench.core.errors import UserError


def year_labels(time: xr.DataArray, start_month: int) -> np.ndarray:
    """Year of each time stamp, (time,) int; from `start_month` on a month counts as next year's.

    A season-year keeps a winter in one piece and names it by its January (trap T27).
    """
    years, months = time.dt.year.values, time.dt.month.values
    return years + ((start_month > 1) & (months >= start_month)).astype(int)


def labels(dataset: xr.Dataset, by: str, start_month: int) -> np.ndarray:
    """What a region is split by, per time stamp: season-years (int) or event names (str)."""
    if by == "year":
        return year_labels(dataset["time"], start_month)
    if "event" not in dataset.coords:
        raise UserError(
            f"{dataset.attrs.get('region', 'the data set')}: splits.by is 'event' but the data "
            "has no coordinate event(time); split by year or let the source name the events"
        )
    return dataset["event"].values.astype(str)


def select(dataset: xr.Dataset, splits: Splits, name: str, start_month: int = 1) -> xr.Dataset:
    """The times of `dataset` that belong to split `name`, less the buffer at its seams.

    Days within `buffer_days` of a time stamp of another split are left out, on the side of
    `train` when one of the two is `train` and on the later side otherwise, so that yesterday's
    weather does not leak (trap T10).
    """
    wanted = np.flatnonzero(belongs(dataset, splits, name, start_month))
    if splits.by == "year" and splits.buffer_days > 0:
        wanted = wanted[~_near_seam(dataset, splits, name, start_month, wanted)]

    return dataset.isel(time=wanted)


def belongs(dataset: xr.Dataset, splits: Splits, name: str, start_month: int) -> np.ndarray:
    """(time,) bool: is the time stamp's year or event listed in split `name`?"""
    if name not in SPLITS:
        raise UserError(f"split '{name}' is unknown; choose one of {', '.join(SPLITS)}")
    listed = [str(label) for label in getattr(splits, name)]
    return np.isin(labels(dataset, splits.by, start_month).astype(str), listed)


def _near_seam(
    dataset: xr.Dataset, splits: Splits, name: str, start_month: int, wanted: np.ndarray
) -> np.ndarray:
    day = day_numbers(dataset["time"])
    others = [n for n in SPLITS if n != name and (name == "train" or n != "train")]
    foreign = np.zeros(len(day), bool)
    for other in others:
        foreign |= belongs(dataset, splits, other, start_month)
    near = np.zeros(len(wanted), bool)
    elsewhere = np.sort(day[foreign])
    if elsewhere.size == 0:
        return near
    mine = day[wanted]
    before = np.searchsorted(elsewhere, mine)
    gap_before = np.where(before > 0, mine - elsewhere[np.maximum(before - 1, 0)], np.inf)
    last = elsewhere.size - 1
    gap_after = np.where(before <= last, elsewhere[np.minimum(before, last)] - mine, np.inf)
    # Two held-out splits share one buffer: the later one gives way.
    return (gap_before <= splits.buffer_days) | (
        (gap_after <= splits.buffer_days) & (name == "train")
    )


def assert_disjoint(
    fit_years: Iterable[int | str], scored: Iterable[int | str], what: str
) -> None:
    """Refuse to score years (or events) that an artefact was fitted on.

    Raises
    ------
    UserError
        Naming the artefact and the years in common.
    """
    common = sorted({str(y) for y in fit_years} & {str(y) for y in scored})
    if common:
        raise UserError(
            f"{what} was fitted on {', '.join(common)} and must not be scored there: choose a "
            "split whose years are not among its fit_years"
        )
