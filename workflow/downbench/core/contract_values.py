"""Checks of all values of a store against the table of variables, in bounded memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import xarray as xr

from downbench.core.rain_counts import RainCounts
from downbench.core.rain_magnitude import is_polar, other_unit
from downbench.core.time_parts import slices
from downbench.core.variable import Variable
from downbench.core.variables import RAIN, VARIABLES

WET_MM_DAY = 1.0
RAIN_MM_DAY = 0.1
RAIN_MEDIAN_MM_DAY = (0.5, 30.0)
SUBDAILY_RAIN_MEDIAN_MM_DAY = (0.5, 150.0)
FEWEST_TIMES = 365
MOST_MISSING = 0.98
VALUES_AT_ONCE = 2**22
SAMPLED_VALUES = 2**20


@dataclass
class Summary:
    """What one pass over a field collects.

    missing, infinite : number of NaN and infinite values
    least, most : of the finite values
    outside : first time with a value that is infinite or out of range; None without one
    rain : counts of every so many values, of rain
    empty : (member,) has a member no value at all? Empty without members
    covered : (y, x) has a cell a value at any time?
    """

    missing: int = 0
    infinite: int = 0
    least: float = np.inf
    most: float = -np.inf
    outside: str | None = None
    rain: RainCounts = field(default_factory=RainCounts)
    empty: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))
    covered: np.ndarray = field(default_factory=lambda: np.zeros((1, 1), bool))


def value_breaches(dataset: xr.Dataset, name: str) -> Iterator[str]:
    """Yield breaches of range, missing share, members and the magnitude of rain."""
    values = dataset[name]
    if not values.size:
        yield f"{name}: one of the dims {dict(values.sizes)} is empty: write the values again"
        return
    if values.dtype.kind not in "fiu":
        yield f"{name}: values are of type {values.dtype}: convert them to float32"
        return
    summary = summarise(values)
    present, possible = values.size - summary.missing, values.size * summary.covered.mean()
    if present <= (1 - MOST_MISSING) * possible:
        share = summary.missing / values.size
        yield f"{name}: {share:.1%} of the values are missing: check the mask and the packing"
        return
    yield from _empty_members(summary, dataset, name)
    if summary.infinite:
        yield (
            f"{name}: {summary.infinite} values are infinite, the first on {summary.outside}: "
            "mark missing values as NaN, or sample the day again"
        )
    yield from range_breach(name, summary.least, summary.most, VARIABLES[name].low,
                            VARIABLES[name].high, summary.outside)  # fmt: skip
    if name == RAIN:
        yield from _magnitude_breaches(dataset, summary.rain, summary.most)


def range_breach(
    name: str, least: float, most: float, low: float, high: float, time: str | None = None
) -> Iterator[str]:
    """Yield a breach if values from `least` to `most` leave [low, high]."""
    if least < low or most > high:
        fix = "shift longitudes to -180…180" if name == "lon" else "check units and packing"
        when = "" if time is None else f", first on {time}"
        span = f"values from {least:.6g} to {most:.6g}"
        yield f"{name}: {span} leave [{low:g}, {high:g}]{when}: {fix}"


def summarise(values: xr.DataArray) -> Summary:
    """Look at every value of a field on (time, …), a few times in memory."""
    summary = Summary()
    if "member" in values.dims:
        summary.empty = np.ones(values.sizes["member"], bool)
    stride = max(1, values.size // SAMPLED_VALUES) | 1
    for part in slices(values.sizes["time"], values.size, VALUES_AT_ONCE):
        _add(summary, values.isel(time=part), stride)
    return summary


def _add(summary: Summary, part: xr.DataArray, stride: int) -> None:
    array, row = part.values, VARIABLES[str(part.name)]
    finite = np.isfinite(array)
    is_complete = bool(finite.all())
    summary.covered = summary.covered | finite.any(axis=tuple(range(array.ndim - 2)))
    present = array if is_complete else np.compress(finite.ravel(), array)
    least, most = present.min(initial=np.inf), present.max(initial=-np.inf)
    summary.least, summary.most = min(summary.least, least), max(summary.most, most)
    if row.name == RAIN:
        summary.rain.add(array.reshape(-1)[::stride])
    if summary.empty.size:
        axes = tuple(i for i, dim in enumerate(part.dims) if dim != "member")
        summary.empty &= ~finite.any(axis=axes)
    if not is_complete:
        missing = np.count_nonzero(np.isnan(array))
        summary.missing += missing
        summary.infinite += array.size - np.count_nonzero(finite) - missing
    if summary.outside is None:
        summary.outside = _first_outside(summary, part, row)


def _first_outside(summary: Summary, part: xr.DataArray, row: Variable) -> str | None:
    """Return the first time of a part with a value that is infinite or out of range, if any."""
    if not summary.infinite and row.low <= summary.least and summary.most <= row.high:
        return None
    array = part.values
    wrong = ~np.isnan(array) & ~((array >= row.low) & (array <= row.high))
    first = int(np.argmax(wrong.reshape(len(array), -1).any(axis=1)))
    return str(part["time"].values[first])[:19]


def _empty_members(summary: Summary, dataset: xr.Dataset, name: str) -> Iterator[str]:
    if not summary.empty.any():
        return
    labels = dataset["member"].values[summary.empty]
    listing = ", ".join(map(str, labels[:5])) + (" …" if labels.size > 5 else "")
    yield (
        f"{name}: member {listing} of {summary.empty.size} has no value at any time: sample it "
        "again, or drop it"
    )


def _magnitude_breaches(dataset: xr.Dataset, rain: RainCounts, most: float) -> Iterator[str]:
    """Detect a wrong unit by the size of rain; without `frequency` the data count as daily.

    Only a year of data has a magnitude of its own: a dry season has no wet value, and a few days
    of a flood nothing else. Small values are refused where they would be ordinary rain in another
    unit, as a dry region has small values, too.
    """
    times = dataset.sizes["time"]
    if times < FEWEST_TIMES:
        return
    polar = "lat" in dataset.variables and is_polar(dataset["lat"].values)
    unit = other_unit(rain, most, polar)
    if most < WET_MM_DAY and (unit or most <= 0):
        guess = f"it would be ordinary rain in {unit}" if unit else "there is no rain at all"
        yield f"pr: no value of {times} times reaches 1 mm day-1, {guess}: convert to mm day-1"
        return
    daily = dataset.attrs.get("frequency", "day") == "day"
    low, high = RAIN_MEDIAN_MM_DAY if daily else SUBDAILY_RAIN_MEDIAN_MM_DAY
    if "member" in dataset.dims or unit is None:
        low = 0.0  # a mean over all weather that a driver allows drizzles nearly everywhere
    median = rain.median(RAIN_MM_DAY) if rain.number(RAIN_MM_DAY) else low
    if not low <= median <= high:
        yield (
            f"pr: the median of values ≥ {RAIN_MM_DAY} mm day-1 is {median:.3g} mm day-1, outside "
            f"[{low:g}, {high:g}]: is it in another unit{f' ({unit}?)' if unit else ''}, or is "
            "the attribute frequency not 'day'?"
        )
