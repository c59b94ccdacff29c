"""Units at the border: whatever a file says, inside it is the contract's unit (trap T15)."""

import re

import numpy as np
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.time_parts import along_time
from downbench.core.variable import Variable
from downbench.core.variables import variable
from downbench.sources.files.conversion import Conversion
from downbench.sources.files.unit_expressions import Expression, parse

KELVIN = (1.0, 0.0), ("k", "kelvin", "kelvins", "degk", "degreek", "degkelvin", "degreekelvin")
CELSIUS = (
    (1.0, 273.15),
    (
        "c",
        "degc",
        "degreec",
        "celsius",
        "celcius",
        "degreecelsius",
        "degreecelcius",
        "degcelsius",
        "degreecentigrade",
        "centigrade",
    ),
)
FAHRENHEIT = (
    (5 / 9, 273.15 - 32 * 5 / 9),
    ("f", "degf", "degreef", "fahrenheit", "degreefahrenheit", "degfahrenheit"),
)
TEMPERATURES = {name: scale for scale, names in (KELVIN, CELSIUS, FAHRENHEIT) for name in names}
"""Scale and offset to K of each name without blanks, underscores and the plural of degree."""

WATER_KG_M3, GRAVITY_M_S2 = 1000.0, 9.80665
EQUIVALENTS = {
    "precipitation": Expression(1 / WATER_KG_M3, {"kg": -1, "m": 3}),
    "water column": Expression(WATER_KG_M3, {"kg": 1, "m": -3}),
    "height": Expression(1 / GRAVITY_M_S2, {"m": -1, "s": 2}),
}
"""What turns another quantity into this one: mass of water to depth and back, geopotential."""

DAY = Expression(86400.0, {"s": 1})
EXAMPLES = {
    "precipitation": "mm day-1, kg m-2 s-1, mm h-1, m day-1",
    "temperature": "K, degC, degF",
    "height": "m, km, m2 s-2",
    "pressure": "Pa, hPa",
}


def convert(
    field: xr.DataArray, name: str, unit: str | None, daily: bool, label: str
) -> xr.DataArray:
    """Convert a field, in memory or lazy, to the unit that the data contract gives its name.

    Parameters
    ----------
    field
        Any dims.
    name, unit, daily, label
        As in `conversion`.

    Raises
    ------
    UserError
        When the unit is absent or unknown, or the values cannot be in it.
    """
    to_contract = conversion(field.attrs.get("units"), name, unit, daily, label)
    for part in along_time(field):
        to_contract.add(part)
    return to_contract.of(field)


def conversion(
    of_file: str | None, name: str, unit: str | None, daily: bool, label: str
) -> Conversion:
    """Return the conversion to the unit of a variable, which has seen no value.

    Parameters
    ----------
    of_file
        The file's attribute `units`, if it has one.
    name
        Name in this project, which decides the unit: pr [mm day-1], tas [K], psl [Pa] …
    unit
        Unit in the region's YAML; None takes the file's.
    daily
        Are the values daily? Only then is a depth ("mm", "m") a daily sum.
    label
        File and variable, for messages.

    Raises
    ------
    UserError
        When the unit is absent or unknown.
    """
    row = variable(name, label)
    file_unit = unit if unit is not None else of_file
    if file_unit is None or not str(file_unit).strip():
        raise UserError(f"{label}: the file gives no units: name them with `units:` in the YAML")
    scale_offset = scale_and_offset(str(file_unit), row, daily)
    if scale_offset is None:
        raise UserError(_not_convertible(str(file_unit), row, daily, label))
    _report_contradiction(unit, of_file, row, daily, label)
    return Conversion(row, *scale_offset, str(file_unit), label)


def _report_contradiction(
    unit: str | None, of_file: str | None, row: Variable, daily: bool, label: str
) -> None:
    if unit is None or of_file is None:
        return
    stated = scale_and_offset(str(of_file), row, daily)
    if stated is not None and not np.allclose(stated, scale_and_offset(unit, row, daily)):
        print(f"{label}: `units: {unit}` overrules the file's attribute units '{of_file}'")


def scale_and_offset(unit: str, row: Variable, daily: bool) -> tuple[float, float] | None:
    """Return what turns values of `unit` into those of a variable's row; None if nothing does."""
    if row.quantity == "temperature":
        name = re.sub(r"[\s_°º]|(?<=deg)ree(s)?|(?<=degree)s", "", unit.lower().replace("℃", "c"))
        return TEMPERATURES.get(name)
    return _scale(parse(unit), row, daily)


def same_units(first: str | None, second: str | None) -> bool:
    """Return whether two units of files are the same, however they are written."""
    first, second = str(first), str(second)  # an attribute may be an array
    expression = parse(first)
    return first == second or (expression is not None and expression == parse(second))


def _scale(unit: Expression | None, row: Variable, daily: bool) -> tuple[float, float] | None:
    if unit is None:
        return None
    forms = (
        [unit, unit.times(EQUIVALENTS[row.quantity])] if row.quantity in EQUIVALENTS else [unit]
    )
    if daily and row.quantity == "precipitation":
        forms += [form.times(DAY, -1) for form in forms]
    project = parse(row.units)
    same = (form for form in forms if form.dimensions == project.dimensions)
    return next(((form.scale / project.scale, 0.0) for form in same), None)


def _not_convertible(unit: str, row: Variable, daily: bool, label: str) -> str:
    examples = EXAMPLES.get(row.quantity, row.units)
    sums = (
        " or, of sums of a day, mm, m, kg m-2" if daily and row.quantity == "precipitation" else ""
    )
    return (
        f"{label}: no conversion of units '{unit}' to '{row.units}' for {row.name}: set `units:` "
        f"to the file's true unit, such as {examples}{sums}"
    )
