"""The data contract of all stores, and a check that reports every breach in one message."""

from collections.abc import Iterator

import cftime
import numpy as np
import xarray as xr

from downbench.core.calendar.dates import day_numbers
from downbench.core.constants import DRIVER_TYPES
from downbench.core.contract_values import range_breach, value_breaches
from downbench.core.errors import UserError
from downbench.core.variable import FILE
from downbench.core.variables import TARGETS, VARIABLES

COORDINATE_RANGES = {"lat": (-90.0, 90.0), "lon": (-180.0, 180.0)}
STATIC = ("orog", "land", "cell_area")
COMPLETE = ("lat", "lon", "cell_area")
"""Fields of the grid without a missing cell: distances and weights need them everywhere."""

DAILY = "day"
SHORTEST_DAY = 0.99
DIMS = {
    "target": ("time", "y", "x"),
    "driver": ("time", "Y", "X"),
    "ensemble": ("time", "member", "y", "x"),
}
ATTRIBUTES = {
    "target": ("frequency",),
    "driver": ("driver_type",),
    "ensemble": ("model", "driver", "split", "fit_years", "seed_policy"),
}


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
    messages = list(breaches(dataset, kind))
    if messages:
        listing = "\n".join(f"  - {message}" for message in messages)
        raise UserError(f"{label} breaks the data contract of kind '{kind}':\n{listing}")


def breaches(dataset: xr.Dataset, kind: str) -> Iterator[str]:
    """Yield every breach with its fix; a breach of one variable begins with its name.

    Parameters are those of `check`.
    """
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
    for name in map(str, dataset.data_vars):
        if name in VARIABLES and dataset[name].dims == DIMS[kind]:
            yield from value_breaches(dataset, name)


def _attribute_breaches(dataset: xr.Dataset, kind: str) -> Iterator[str]:
    for name in ATTRIBUTES[kind]:
        if name not in dataset.attrs:
            yield f"attribute '{name}' is absent: set it on the data set"
    driver_type = dataset.attrs.get("driver_type")
    if driver_type is not None and driver_type not in DRIVER_TYPES:
        yield f"attribute driver_type is '{driver_type}': use one of {', '.join(DRIVER_TYPES)}"
    if kind == "target":
        yield from _factor_breaches(dataset)


def _factor_breaches(dataset: xr.Dataset) -> Iterator[str]:
    factor = str(dataset.attrs.get("factor", 1))
    sides = [dataset.sizes[dim] for dim in ("y", "x") if dim in dataset.dims]
    if not factor.isdigit() or not int(factor) or any(side % int(factor) for side in sides):
        grid = " × ".join(map(str, sides))
        yield f"attribute factor is {factor}: give a whole number that divides the grid of {grid}"


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
    for name in ("lat", "lon", *(STATIC if kind == "target" else ())):
        if name not in dataset.variables:
            yield f"{name}{grid} is absent: add it to the data set"
        elif dataset[name].dims != grid:
            dims = dataset[name].dims
            yield f"{name}: dims are {dims}, expected {grid}: rename and transpose them"
        else:
            yield from _field_breaches(name, dataset[name].values)


def _field_breaches(name: str, values: np.ndarray) -> Iterator[str]:
    """Report missing and infinite values and the range of a field (y, x) of the grid."""
    finite = np.isfinite(values)
    wrong = ~finite if name in COMPLETE else np.isinf(values)
    if wrong.any():
        yield f"{name}: {wrong.sum()} cells are missing or infinite: give every cell its value"
    low, high = COORDINATE_RANGES.get(name) or (VARIABLES[name].low, VARIABLES[name].high)
    if finite.any():
        yield from range_breach(name, values[finite].min(), values[finite].max(), low, high)


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
    frequency, has_events = dataset.attrs.get("frequency"), "event" in dataset.coords
    is_series = frequency == DAILY and not has_events and kind != "ensemble"
    if frequency is not None and steps.size and not has_events:
        step = float(np.median(np.diff(day_numbers(time))))
        if (frequency == DAILY) != (step >= SHORTEST_DAY):
            yield (
                f"time: stamps are {step:.3g} days apart, but the attribute frequency is "
                f"'{frequency}': correct one of them"
            )
    absent = missing_days(dataset) if is_series else 0
    if absent:
        days = "1 day is" if absent == 1 else f"{absent} days are"
        yield f"time: {days} missing inside the series: add them, with missing values if need be"


def missing_days(dataset: xr.Dataset) -> int:
    """Count the days missing in a daily series; a jump of more than 60 days is a season's gap."""
    gaps = np.diff(day_numbers(dataset["time"]))
    inner = gaps[(gaps > 1.5) & (gaps < 60)]
    return int(np.round(inner - 1).sum())
