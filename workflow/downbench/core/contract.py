"""The data contract of all stores, and a check that reports every breach in one message."""

from collections.abc import Iterator

import cftime
import numpy as np
import xarray as xr

from downbench.core.calendar.dates import day_numbers
from downbench.core.constants import DRIVER_TYPES
from downbench.core.errors import UserError
from downbench.core.variable import FILE
from downbench.core.variables import RAIN, TARGETS, VARIABLES

COORDINATE_RANGES = {"lat": (-90.0, 90.0), "lon": (-180.0, 180.0)}
STATIC = ("orog", "land", "cell_area")
DIMS = {
    "target": ("time", "y", "x"),
    "driver": ("time", "Y", "X"),
    "ensemble": ("time", "member", "y", "x"),
}
ATTRIBUTES = {
    "target": ("region", "frequency"),
    "driver": ("driver_type",),
    "ensemble": ("model", "driver", "split", "fit_years", "seed_policy"),
}
WET_MM_DAY = 1.0
RAIN_MM_DAY = 0.1
RAIN_MEDIAN_MM_DAY = (0.5, 30.0)
SUBDAILY_RAIN_MEDIAN_MM_DAY = (0.5, 150.0)
MOST_MISSING = 0.98
SAMPLED_TIMES = 400
MOST_VALUES = 2**24


def check(dataset: xr.Dataset, kind: str, label: str = "the data set") -> None:
    """Check names, dims, units, calendar, longitudes, time axis, missing share and ranges.

    Parameters
    ----------
    dataset
        With dims (time, y, x) for kind `target`, (time, Y, X) for `driver` and
        (time, member, y, x) for `ensemble`; units as in the table of variables.
    kind
        `target`, `driver` or `ensemble`.
    label
        Path or name that the message starts with.

    Raises
    ------
    UserError
        One message with every breach and its fix.
    """
    breaches = list(_breaches(dataset, kind))
    if breaches:
        listing = "\n".join(f"  - {breach}" for breach in breaches)
        raise UserError(f"{label} breaks the data contract of kind '{kind}':\n{listing}")


def _breaches(dataset: xr.Dataset, kind: str) -> Iterator[str]:
    yield from _attribute_breaches(dataset, kind)
    present = [name for name in TARGETS if name in dataset.data_vars]
    if not present:
        yield f"none of the variables {', '.join(TARGETS)} found: rename a variable to one of them"
    for name in present:
        if dataset[name].dims != DIMS[kind]:
            yield (
                f"{name}: dims are {dataset[name].dims}, expected {DIMS[kind]}: "
                "rename and transpose them"
            )
    if kind != "driver":
        yield from _unknown_breaches(dataset, kind)
    for name in map(str, dataset.variables):
        yield from _unit_breaches(dataset, name)
    yield from _coordinate_breaches(dataset, kind)
    if "time" in dataset.dims and dataset.sizes["time"]:
        yield from _time_breaches(dataset, kind)
        for name in present:
            if dataset[name].dims == DIMS[kind]:
                yield from _value_breaches(dataset, name)


def _attribute_breaches(dataset: xr.Dataset, kind: str) -> Iterator[str]:
    for name in ATTRIBUTES[kind]:
        if name not in dataset.attrs:
            yield f"attribute '{name}' is absent: set it on the data set"
    driver_type = dataset.attrs.get("driver_type")
    if driver_type is not None and driver_type not in DRIVER_TYPES:
        yield f"attribute driver_type is '{driver_type}': use one of {', '.join(DRIVER_TYPES)}"


def _unknown_breaches(dataset: xr.Dataset, kind: str) -> Iterator[str]:
    """Report fields that no score would use: ignoring them silently would hide a mistake."""
    for name, field in dataset.data_vars.items():
        if name not in TARGETS and field.dims == DIMS[kind]:
            yield (
                f"{name}: the table of variables has no target variable of that name: rename it, "
                f"complete its row in {FILE}, or drop it"
            )


def _unit_breaches(dataset: xr.Dataset, name: str) -> Iterator[str]:
    if name not in VARIABLES:
        return
    units, expected = dataset[name].attrs.get("units"), VARIABLES[name].units
    if units is None:
        yield f"{name}: no units attribute: convert to {expected} and set it"
    elif units != expected:
        yield f"{name}: units are '{units}': convert to '{expected}' when reading the file"


def _coordinate_breaches(dataset: xr.Dataset, kind: str) -> Iterator[str]:
    grid = DIMS[kind][-2:]
    for name in ("lat", "lon"):
        if name not in dataset.variables:
            yield f"coordinate {name}{grid} is absent: add it"
            continue
        yield from _range_breaches(name, dataset[name].values)
    for name in STATIC if kind == "target" else ():
        if name not in dataset.variables:
            yield f"static field {name}{grid} is absent: add it to the target"
        else:
            yield from _range_breaches(name, dataset[name].values)


def _range_breaches(name: str, values: np.ndarray) -> Iterator[str]:
    low, high = COORDINATE_RANGES.get(name) or (VARIABLES[name].low, VARIABLES[name].high)
    finite = values[np.isfinite(values)]
    if finite.size and (finite.min() < low or finite.max() > high):
        fix = "shift longitudes to -180…180" if name == "lon" else "check units and packing"
        yield (
            f"{name}: values from {finite.min():.6g} to {finite.max():.6g} leave "
            f"[{low:g}, {high:g}]: {fix}"
        )


def _time_breaches(dataset: xr.Dataset, kind: str) -> Iterator[str]:
    time = dataset["time"]
    if not (
        np.issubdtype(time.dtype, np.datetime64) or isinstance(time.values[0], cftime.datetime)
    ):
        yield "time: not decoded to dates: give it CF units and a calendar"
        return
    steps = np.diff(time.values)
    if steps.size and not all(step > steps[0] * 0 for step in steps):
        yield "time: not strictly increasing: sort it and drop double time stamps"
        return
    # An ensemble may consist of spells: the days between them are not missing.
    is_series = kind != "ensemble" and dataset.attrs.get("frequency") == "day"
    absent = missing_days(dataset) if is_series else 0
    if absent:
        days = "1 day is" if absent == 1 else f"{absent} days are"
        yield f"time: {days} missing inside the series: add them, with missing values if need be"


def _value_breaches(dataset: xr.Dataset, name: str) -> Iterator[str]:
    """Ranges, missing share and magnitude, on at most `SAMPLED_TIMES` evenly spaced times.

    Fewer of a large ensemble, so that the check needs no more memory than its use.
    """
    times = dataset.sizes["time"]
    sampled = max(1, min(SAMPLED_TIMES, MOST_VALUES * times // dataset[name].size))
    stride = -(-times // sampled)
    values = dataset[name].isel(time=slice(None, None, stride)).values
    missing = np.isnan(values).mean()
    if missing > MOST_MISSING:
        yield f"{name}: {missing:.1%} of the values are missing: check the mask and the packing"
        return
    yield from _range_breaches(name, values)
    if name == RAIN:
        yield from _magnitude_breaches(dataset, values)


def _magnitude_breaches(dataset: xr.Dataset, values: np.ndarray) -> Iterator[str]:
    """Detect a wrong unit by the size of rain; without `frequency` the data count as daily."""
    rain = values[values >= RAIN_MM_DAY]
    if not rain.size or rain.max() < WET_MM_DAY:
        if values.size > 10_000:
            yield "pr: no value reaches 1 mm day-1: is it in m or kg m-2 s-1? convert to mm day-1"
        return
    daily = dataset.attrs.get("frequency", "day") == "day"
    low, high = RAIN_MEDIAN_MM_DAY if daily else SUBDAILY_RAIN_MEDIAN_MM_DAY
    if "member" in dataset.dims:
        low = 0.0  # a mean over all weather that a driver allows drizzles nearly everywhere
    median = float(np.median(rain))
    if not low <= median <= high:
        yield (
            f"pr: the median of values ≥ {RAIN_MM_DAY} mm day-1 is {median:.3g} mm day-1, outside "
            f"[{low:g}, {high:g}]: is it in another unit, or is the attribute frequency not 'day'?"
        )


def missing_days(dataset: xr.Dataset) -> int:
    """Count the days missing in a daily series; a jump of more than 60 days is a season's gap."""
    gaps = np.diff(day_numbers(dataset["time"]))
    inner = gaps[(gaps > 1.5) & (gaps < 60)]
    return int(np.round(inner - 1).sum())
