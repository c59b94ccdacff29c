"""Check that the data hold days of every year or event that the splits name."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import xarray as xr

from downbench.core.calendar import splits
from downbench.core.config.region.splits import Label, Splits
from downbench.core.constants import SPLITS
from downbench.core.errors import UserError

SHOWN = 12
TIMES_AT_ONCE = 16
FIXES = {
    "year": "Add the files of these years",
    "event": "Name events of the data, separate those of one file (event_variable, "
    "event_gap_hours or event_hours in target.patches.files), add files",
}
FEW = 0.5
"""A year with less than this share of the days of the longest one is reported."""


def require(
    target: xr.Dataset, driver: xr.Dataset, options: Splits, start_month: int, region: str
) -> None:
    """Refuse splits with a year or event of which target or driver has no day.

    Parameters
    ----------
    target : (time, y, x)
    driver : (time, Y, X)
        The training driver; `driver` among its attributes names it.
    options
        Section `splits` of the region.
    start_month
        Month in which a year begins, as in the region.
    region
        Name of the region, for messages.

    Raises
    ------
    UserError
        Naming every split and label without a day, without a value, or left without a day by
        `buffer_days`, and the labels that the data have.
    """
    name = f"driver '{driver.attrs.get('driver', 'of the training')}'"
    problems = list(_absent(target, "the target", options, start_month))
    problems = problems or list(_absent(driver, name, options, start_month))
    problems = problems or list(_without_value(target, options, start_month))
    problems = problems or list(_swallowed(target, driver, options, start_month))
    if problems:
        listing = "\n".join(f"  - {problem}" for problem in problems)
        raise UserError(
            f"{region}: the splits do not fit the data:\n{listing}\n{FIXES[options.by]}, or take "
            f"them off `splits` in config/regions/{region}.yaml"
        )


def present(
    dataset: xr.Dataset, options: Splits, name: str, start_month: int
) -> tuple[Label, ...]:
    """Return those labels of split `name` of which `dataset` has a day, in their order."""
    held = set(splits.labels(dataset, options.by, start_month).astype(str))
    return tuple(label for label in getattr(options, name) if str(label) in held)


def short_years(dataset: xr.Dataset, options: Splits, start_month: int) -> list[str]:
    """Return the labels of all splits that have less than half the days of the longest year."""
    if options.by != "year":
        return []
    labels, days = np.unique(
        splits.labels(dataset, options.by, start_month).astype(str), return_counts=True
    )
    days_of = dict(zip(labels.tolist(), days.tolist(), strict=True))
    named = {str(label) for name in SPLITS for label in getattr(options, name)}
    longest = max(days_of.values(), default=0)
    return [
        f"{label} ({count} of {longest} days)"
        for label, count in days_of.items()
        if label in named and count < FEW * longest
    ]


def _absent(dataset: xr.Dataset, what: str, options: Splits, start_month: int) -> Iterator[str]:
    held = splits.labels(dataset, options.by, start_month).astype(str)
    for name in SPLITS:
        kept = present(dataset, options, name, start_month)
        absent = [label for label in getattr(options, name) if label not in kept]
        if absent:
            yield (
                f"splits.{name} names {_listing(absent)}, of which {what} has no day; it has "
                f"{_listing(np.unique(held))}"
            )


def _without_value(target: xr.Dataset, options: Splits, start_month: int) -> Iterator[str]:
    """Yield labels whose days are all missing."""
    held = splits.labels(target, options.by, start_month).astype(str)
    for name in SPLITS:
        empty = [
            label
            for label in getattr(options, name)
            if not _has_value(target, np.flatnonzero(held == str(label)))
        ]
        if empty:
            yield f"splits.{name} names {_listing(empty)}, of which the target has no value"


def _has_value(target: xr.Dataset, times: np.ndarray) -> bool:
    """Return whether each variable has a value at some of the times; stops at the first."""
    fields = [v for v in target.data_vars.values() if v.dims == ("time", "y", "x")]
    starts = range(0, times.size, TIMES_AT_ONCE)
    return all(
        any(
            np.isfinite(field.isel(time=times[start : start + TIMES_AT_ONCE]).values).any()
            for start in starts
        )
        for field in fields
    )


def _swallowed(
    target: xr.Dataset, driver: xr.Dataset, options: Splits, start_month: int
) -> Iterator[str]:
    """Yield splits that have no day common to both series, or none outside the buffer."""
    shared = target.indexes["time"].isin(driver.indexes["time"])
    common = target[["time"]].isel(time=np.flatnonzero(shared))
    for name in (name for name in SPLITS if getattr(options, name)):
        if not splits.belongs(common, options, name, start_month).any():
            yield f"splits.{name}: target and driver have no day in common"
        elif not splits.select(common, options, name, start_month).sizes["time"]:
            yield (
                f"splits.{name}: every day is within buffer_days = {options.buffer_days} of "
                "another split: lower it"
            )


def _listing(labels: Iterable[Label] | Sequence[str]) -> str:
    names = [str(label) for label in labels]
    return ", ".join(names[:SHOWN]) + (f" … {names[-1]}" if len(names) > SHOWN else "")
