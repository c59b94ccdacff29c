"""Check that golden.nc has the variables, units, calendar and grid that transforms.json names."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.transforms import Statistics, Transforms

INPUT, STATIC = "driver_", "static_"
OUTPUT_DIMS = ("time", "member", "y", "x")
DRIVER_DIMS, STATIC_DIMS = ("time", "Y", "X"), ("y", "x")
DAYS, MEMBERS = 3, 2


def refuse_other_form(path: Path, stored: xr.Dataset, fitted: Transforms) -> None:
    """Raise an error, with everything that is wrong, unless golden outputs fit the statistics.

    Parameters
    ----------
    stored
        Content of golden.nc.

    Raises
    ------
    UserError
        When an output or a predictor is missing or has other dims or units, when there is another
        output, when a value is infinite, or when calendar or factor is another one.
    """
    wrong = [
        *_variables(stored, fitted),
        *_grid(stored, fitted),
        *(f"{name} has infinite values" for name in stored.variables if _infinite(stored[name])),
    ]
    if wrong:
        raise UserError(f"{path}: not usable golden outputs: {'; '.join(wrong)}: copy it again")


def _variables(stored: xr.Dataset, fitted: Transforms) -> Iterator[str]:
    outputs = {n for n in map(str, stored.data_vars) if not n.startswith((INPUT, STATIC))}
    for name in sorted(outputs - fitted.targets.keys()):
        yield f"{name} is no target of transforms.json"
    for name, by in fitted.targets.items():
        yield from _problems(stored, name, OUTPUT_DIMS, by)
    for name, by in fitted.predictors.items():
        yield from _problems(stored, f"{INPUT}{name}", DRIVER_DIMS, by)
    for name in (n for n in map(str, stored.data_vars) if n.startswith(STATIC)):
        yield from _problems(stored, name, STATIC_DIMS)


def _problems(
    stored: xr.Dataset, name: str, dims: tuple[str, ...], by: Statistics | None = None
) -> Iterator[str]:
    if name not in stored:
        yield f"{name} is missing"
        return
    field = stored[name]
    if field.dims != dims:
        yield f"{name} has dims {field.dims}, not {dims}"
    if field.dtype.kind not in "fiub":
        yield f"{name} is of type {field.dtype}"
    units = field.attrs.get("units")
    if by is not None and by.units and units is not None and units != by.units:
        yield f"the units of {name} are '{units}', not '{by.units}'"


def _grid(stored: xr.Dataset, fitted: Transforms) -> Iterator[str]:
    sizes = stored.sizes
    for fine, coarse in (("y", "Y"), ("x", "X")):
        if sizes.get(fine) != fitted.factor * sizes.get(coarse, 0) or not sizes.get(fine):
            yield (
                f"{fine} has {sizes.get(fine)} cells, {coarse} {sizes.get(coarse)}: the factor is "
                f"{fitted.factor}"
            )
    for dim, most in (("time", DAYS), ("member", MEMBERS)):
        if not 1 <= sizes.get(dim, 0) <= most:
            yield f"{dim} has {sizes.get(dim)} values, not 1 to {most}"
    time = stored.get("time")
    if time is None or time.dims != ("time",) or time.dtype.kind not in "MO":
        yield "time has no dates"
    elif time.dt.calendar != fitted.calendar:
        yield f"the calendar is {time.dt.calendar}, not {fitted.calendar}"


def _infinite(field: xr.DataArray) -> bool:
    return field.dtype.kind == "f" and bool(np.isinf(field.values).any())
