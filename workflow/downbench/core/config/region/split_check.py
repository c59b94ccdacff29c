"""Checks splits of years against a target whose years the configuration determines.

Those of files are compared with the data once these are read.
"""

from collections.abc import Iterator
from datetime import date

from downbench.core.config.region.source import TargetSource
from downbench.core.config.region.splits import Splits
from downbench.core.constants import SPLITS

Days = tuple[int, int]
"""First and last day of a year, as ordinals."""


def problem_of_splits(splits: Splits, target: TargetSource, start_month: int) -> str:
    """Return the first contradiction, with its fix; empty if there is none."""
    if splits.by != "year" or target.years() is None:
        return ""
    return next(_problems(splits, target, start_month), "")


def _problems(splits: Splits, target: TargetSource, start_month: int) -> Iterator[str]:
    for name in SPLITS:
        yield from _outside(name, splits, target, start_month)
    for name in SPLITS:
        years = _years(splits, name, start_month)
        if years and not any(_days_left(year, name, splits, start_month) for year in years):
            yield (
                f"splits.buffer_days = {splits.buffer_days} leaves no day of splits.{name}: lower "
                "it, or give that split more years in a row"
            )


def _outside(name: str, splits: Splits, target: TargetSource, start_month: int) -> Iterator[str]:
    """Yield a split with years that the target does not have."""
    first, last = target.years()
    last += start_month > 1  # the months from then on count as the next year
    absent = [str(year) for year in getattr(splits, name) if not first <= year <= last]
    if absent:
        yield (
            f"splits.{name} names {', '.join(absent)}, but the target has the years {first} to "
            f"{last}: change one of them"
        )


def _days_left(year: Days, name: str, splits: Splits, start_month: int) -> bool:
    """Whether a year has a day outside the buffers; see `calendar.splits.select`."""
    first, last = year
    for rival in (other for other in SPLITS if other != name):
        for start, end in _years(splits, rival, start_month):
            if end < year[0] and (name == "train" or rival != "train"):
                first = max(first, end + splits.buffer_days + 1)
            if start > year[1] and name == "train":
                last = min(last, start - splits.buffer_days - 1)
    return first <= last


def _years(splits: Splits, name: str, start_month: int) -> list[Days]:
    return [_days(year, start_month) for year in getattr(splits, name)]


def _days(year: int, start_month: int) -> Days:
    """Return the days of a year that begins in a month of the year before, or in January."""
    before = int(start_month > 1)
    first = date(year - before, start_month, 1).toordinal()
    return first, date(year - before + 1, start_month, 1).toordinal() - 1
