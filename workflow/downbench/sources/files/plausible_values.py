"""Values of a file against the table of variables: valid range and smallest peak."""

import xarray as xr

from downbench.core.errors import UserError
from downbench.core.variable import Variable
from downbench.sources.files import undeclared_missing
from downbench.sources.files.traces import largest_trace


def refuse_codes(converted: xr.DataArray, raw: xr.DataArray, row: Variable, label: str) -> None:
    """Refuse values outside the valid range that are one and the same.

    Parameters
    ----------
    converted, raw
        Values in the contract's unit, and as decoded from the file; the same dims.
    row
        What the table says about the variable.
    label
        File, variable and unit, for messages.

    Raises
    ------
    UserError
        Naming the raw value that may mark missing data, and the fix.
    """
    low, high = row.low - largest_trace(row), row.high + largest_trace(row)
    if not (converted.min() < low or converted.max() > high):
        return
    values = converted.values
    code = undeclared_missing.outside(raw, (values < low) | (values > high))
    if code:
        raise UserError(f"{label}: {code}: {undeclared_missing.FIX}")


def refuse_geopotential(raw: xr.DataArray, row: Variable, unit: str, label: str) -> None:
    """Refuse a geopotential [m2 s-2] that is called a height: in flat terrain both are plausible.

    Raises
    ------
    UserError
        When the file names a geopotential, and `unit` is a length.
    """
    names = " ".join(str(raw.attrs.get(key, "")) for key in ("standard_name", "long_name")).lower()
    is_geopotential = "geopotential" in names and "height" not in names
    is_length = not {"s", "j"} & set(unit.lower())
    if row.quantity == "height" and is_geopotential and is_length:
        raise UserError(
            f"{label}: the file calls it '{names.strip()}', which has the unit m2 s-2: set "
            "`units: m2 s-2`"
        )


def require(converted: xr.DataArray, row: Variable, label: str) -> None:
    """Refuse values outside the valid range, and values that are too small for their unit.

    Parameters
    ----------
    converted
        Values in the contract's unit.
    row
        What the table says about the variable.
    label
        File, variable and unit, for messages.

    Raises
    ------
    UserError
        Naming the values, the range and the fix.
    """
    least, most = float(converted.min()), float(converted.max())
    if least < row.low or most > row.high:
        raise UserError(
            f"{label}: {row.name} runs from {least:.4g} to {most:.4g} {row.units}, outside "
            f"[{row.low:g}, {row.high:g}]: set `units:` to the file's true unit, or mask these "
            "values"
        )
    if row.smallest_peak is not None and 0 < most <= row.smallest_peak:
        raise UserError(
            f"{label}: no value of {row.name} exceeds {most:.4g} {row.units}, where more than "
            f"{row.smallest_peak:g} is expected: set `units:` to the file's true unit"
        )
