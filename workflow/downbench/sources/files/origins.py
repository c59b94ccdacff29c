"""What files say of their origin: kept by each variable, joined over the files of a series."""

import textwrap
from collections.abc import Callable, Mapping, Sequence

import xarray as xr

from downbench.core.constants import MARKS, ORIGIN_ATTRIBUTES

LONGEST = 500


def of(dataset: xr.Dataset) -> dict[str, str]:
    """Return what a file says of its dataset, its licence, its day and its marks, if it does."""
    stated = {name: dataset.attrs.get(name) for name in (*ORIGIN_ATTRIBUTES, *MARKS)}
    return {name: _short(text) for name, text in stated.items() if isinstance(text, str) and text}


def joined(parts: Sequence[xr.DataArray]) -> dict[str, str]:
    """Return the origin of a series whose parts lie in several files.

    Dates become a range, the first preliminary day counts, missing days are listed, and of
    anything else each value is named once.
    """
    stated = {
        name: [part.attrs[name] for part in parts if part.attrs.get(name)]
        for name in (*ORIGIN_ATTRIBUTES, *MARKS)
    }
    return {
        name: _short(JOINS.get(name, _each_once)(texts)) for name, texts in stated.items() if texts
    }


def _short(text: str) -> str:
    return textwrap.shorten(text, LONGEST, placeholder=" …")


def _span(dates: Sequence[str]) -> str:
    return " to ".join(dict.fromkeys((min(dates), max(dates))))


def _all_days(days: Sequence[str]) -> str:
    return " ".join(sorted(set(" ".join(days).split())))


def _each_once(texts: Sequence[str]) -> str:
    return "; ".join(dict.fromkeys(texts))


JOINS: Mapping[str, Callable[[Sequence[str]], str]] = {
    "retrieved": _span,
    "release_date": _span,
    "preliminary_from": min,
    "missing_days": _all_days,
}
