"""Days of each split, and the check that no scored year was used for fitting."""

from collections.abc import Iterable

import numpy as np
import xarray as xr

from downbench.core.calendar.dates import day_numbers
from downbench.core.config.region.splits import Splits
from downbench.core.constants import SPLITS
from downbench.core.errors import UserError


def year_labels(time: xr.DataArray, start_month: int) -> np.ndarray:
    """Return the year of each time, (time,) int; months from `start_month` on count as the next.

    A season-year keeps a winter in one piece and names it by its January (trap T27).
    """
    years, months = time.dt.year.values, time.dt.month.values
    return years + ((start_month > 1) & (months >= start_month)).astype(int)


def labels(dataset: xr.Dataset, by: str, start_month: int) -> np.ndarray:
    """Return what a region is split by, per time: season-years (int) or event names (str)."""
    if by == "year":
        return year_labels(dataset["time"], start_month)
    if "event" not in dataset.coords:
        raise UserError(
            f"{dataset.attrs.get('region', 'the data set')}: splits.by is 'event' but the data "
            "has no coordinate event(time); split by year or let the source name the events"
        )
    return dataset["event"].values.astype(str)


def select(dataset: xr.Dataset, splits: Splits, name: str, start_month: int = 1) -> xr.Dataset:
    """Return the times of `dataset` in split `name`, without the buffer at its seams.

    Days within `buffer_days` of a time stamp of another split are left out, on the side of
    `train` when one of the two is `train` and on the later side otherwise, so that yesterday's
    weather does not leak (trap T10).
    """
    times = np.flatnonzero(belongs(dataset, splits, name, start_month))
    if splits.by == "year" and splits.buffer_days > 0:
        times = times[~_near_seam(dataset, splits, name, start_month, times)]

    return dataset.isel(time=times)


def belongs(dataset: xr.Dataset, splits: Splits, name: str, start_month: int) -> np.ndarray:
    """Return whether the year or event of each time is listed in split `name`, (time,) bool."""
    if name not in SPLITS:
        raise UserError(f"split '{name}' is unknown; choose one of {', '.join(SPLITS)}")
    listed = [str(label) for label in getattr(splits, name)]
    return np.isin(labels(dataset, splits.by, start_month).astype(str), listed)


def _near_seam(
    dataset: xr.Dataset, splits: Splits, name: str, start_month: int, times: np.ndarray
) -> np.ndarray:
    """Return which of the `times` (indices) of a split lie in the buffer of another, bool.

    `train` gives way to every other split, on both sides. Two held-out splits share one buffer:
    the later one gives way.
    """
    day = day_numbers(dataset["time"])
    rivals = [n for n in SPLITS if n != name and (name == "train" or n != "train")]
    in_rival = np.zeros(len(day), bool)
    for rival in rivals:
        in_rival |= belongs(dataset, splits, rival, start_month)
    rival_days, days = np.sort(day[in_rival]), day[times]
    if rival_days.size == 0:
        return np.zeros(len(times), bool)
    before, last = np.searchsorted(rival_days, days), rival_days.size - 1
    gap_before = np.where(before > 0, days - rival_days[np.maximum(before - 1, 0)], np.inf)
    gap_after = np.where(before <= last, rival_days[np.minimum(before, last)] - days, np.inf)
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
