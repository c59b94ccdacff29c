"""Checks of splits that need no data: years of the generator, and buffers."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from downbench.core.config.region.region import Region
from downbench.core.config.region.splits import Splits
from downbench.core.constants import SPLITS
from downbench.core.errors import UserError

DAYS_PER_YEAR = 365


def require_splits(region: Region, file: Path) -> None:
    """Raise a `UserError` that names `file` and every problem of `problems_of_splits`."""
    problems = [f"{file}: {problem}" for problem in problems_of_splits(region)]
    if problems:
        raise UserError("\n".join(problems))


def problems_of_splits(region: Region) -> Iterator[str]:
    """Yield what keeps splits from having days, each with its fix.

    Years of the target are checked where the configuration determines them.
    """
    yield from _outside(region)
    if region.splits.by == "year":
        yield from _swallowed(region.splits)


def _outside(region: Region) -> Iterator[str]:
    """Yield labels that a target of known years does not have."""
    span = region.target.years()
    if span is None:
        return
    if region.splits.by != "year":
        yield f"splits.by = '{region.splits.by}', but the target has no events: split by year"
        return
    first, last = span
    # The months from year_start_month on belong to the next year.
    last_label = last + (region.year_start_month > 1)
    for name in SPLITS:
        outside = [str(y) for y in getattr(region.splits, name) if not first <= y <= last_label]
        if outside:
            yield (
                f"splits.{name} names {', '.join(outside)}, but the target has {first} to {last}: "
                f"take them off, or change target.first_year or last_year"
            )


def _swallowed(options: Splits) -> Iterator[str]:
    """Yield splits of which the buffer leaves no day, see `core.calendar.splits.select`."""
    for name in (name for name in SPLITS if getattr(options, name)):
        rivals = [
            int(label)
            for rival in SPLITS
            if rival != name and (name == "train" or rival != "train")
            for label in getattr(options, rival)
        ]
        if not any(_days_left(int(y), rivals, name, options) > 0 for y in getattr(options, name)):
            yield (
                f"splits.buffer_days = {options.buffer_days} leaves no day of splits.{name}: "
                "lower it, or list further years"
            )


def _days_left(year: int, rivals: Iterable[int], name: str, options: Splits) -> int:
    """Return the days of a year that lie outside the buffer after, and before, its rivals."""
    gaps = [DAYS_PER_YEAR * (year - rival - 1) for rival in rivals if rival < year]
    ahead = [DAYS_PER_YEAR * (rival - year - 1) for rival in rivals if rival > year]
    lost = max(0, options.buffer_days - min(gaps, default=options.buffer_days))
    if name == "train":
        lost += max(0, options.buffer_days - min(ahead, default=options.buffer_days))

    return DAYS_PER_YEAR - lost
