"""What files say of their origin: kept by each variable, joined over the files of a series."""

import textwrap
from collections.abc import Callable, Mapping, Sequence

import xarray as xr

from downbench.core.constants import MARKS, ORIGIN_ATTRIBUTES

MISSING_DAYS, STATIONS_LEFT_OUT = "missing_days", "stations_left_out"
LONGEST = 500
LONGEST_OF = {MISSING_DAYS: 40_000 * len("2001-01-01 "), STATIONS_LEFT_OUT: 100_000}
"""Bounds of what a file says of itself: characters of a text, and of a list."""
RANGE, ITEM = " to ", "; "


def of(dataset: xr.Dataset) -> dict[str, str]:
    """Return what a file says of its dataset, its licence, its day and its marks, if it does."""
    stated = {name: dataset.attrs.get(name) for name in (*ORIGIN_ATTRIBUTES, *MARKS)}
    return {
        name: _short(name, text) for name, text in stated.items() if isinstance(text, str) and text
    }


def joined(parts: Sequence[xr.DataArray]) -> dict[str, str]:
    """Return the origin of a series whose parts lie in several files.

    Dates become a range, the first preliminary day counts, missing days are listed, and of
    anything else each value is named once. A part may be a joined series itself: its ranges and
    lists count by their ends and items.
    """
    stated = {
        name: [part.attrs[name] for part in parts if part.attrs.get(name)]
        for name in (*ORIGIN_ATTRIBUTES, *MARKS)
    }
    return {
        name: _short(name, JOINS.get(name, _each_once)(texts))
        for name, texts in stated.items()
        if texts
    }


def _short(name: str, text: str) -> str:
    """Return a text of bounded length; lists of days and of stations are complete."""
    return textwrap.shorten(text, LONGEST_OF.get(name, LONGEST), placeholder=" …")


def _span(dates: Sequence[str]) -> str:
    """Return the first and the last of dates, or of ranges of dates."""
    ends = [end for date in dates for end in date.split(RANGE)]
    return RANGE.join(dict.fromkeys((min(ends), max(ends))))


def _all_days(days: Sequence[str]) -> str:
    return " ".join(sorted(set(" ".join(days).split())))


def _all_lists(lists: Sequence[str]) -> str:
    """Return whole lists: their items are sentences, which may hold what separates them."""
    return ITEM.join(dict.fromkeys(lists))


def _each_once(texts: Sequence[str]) -> str:
    return ITEM.join(dict.fromkeys(ITEM.join(texts).split(ITEM)))


JOINS: Mapping[str, Callable[[Sequence[str]], str]] = {
    "retrieved": _span,
    "release_date": _span,
    "preliminary_from": min,
    MISSING_DAYS: _all_days,
    STATIONS_LEFT_OUT: _all_lists,
}
