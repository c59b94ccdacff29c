"""Values of a file against the table of variables: range, size, missing values, wrong units."""

import numpy as np
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.variable import Variable
from downbench.core.variables import variable
from downbench.sources.files import undeclared_missing

DECLARE = "declare it in the file as _FillValue, or mask these values"


def require(converted: xr.DataArray, raw: xr.DataArray, name: str, label: str) -> None:
    """Refuse values that the variable cannot have.

    Parameters
    ----------
    converted, raw
        Values in the contract's unit, and as decoded from the file; the same dims.
    name
        Name in this project.
    label
        File, variable and unit, for messages.

    Raises
    ------
    UserError
        When values leave the valid range, one of them marks missing data without being declared,
        or all are too small for the unit; naming the raw value and the fix.
    """
    row, values = variable(name), converted.values
    if not np.isfinite(values).any() and not np.isinf(values).any():
        return
    beyond = (values < row.low) | (values > row.high)
    if beyond.any():
        _refuse_range(row, values, raw, beyond, label)
    code = undeclared_missing.inside(raw)
    if code:
        raise UserError(f"{label}: {code}: {DECLARE}")
    if row.is_intermittent and _zero_is_missing(raw):
        raise UserError(
            f"{label}: the file marks 0 as missing, and so no value of {name} is zero: dry days "
            "would be left out: rewrite the file with another _FillValue, zeros as numbers"
        )
    peak = float(np.nanmax(values))
    if row.smallest_peak is not None and 0 < peak <= row.smallest_peak:
        raise UserError(
            f"{label}: no value of {name} exceeds {peak:.4g} {row.units}, where more than "
            f"{row.smallest_peak:g} is expected: set `units:` to the file's true unit"
        )


def _refuse_range(
    row: Variable, values: np.ndarray, raw: xr.DataArray, beyond: np.ndarray, label: str
) -> None:
    code = undeclared_missing.outside(raw, beyond)
    if code:
        raise UserError(f"{label}: {code}: {DECLARE}")
    least, most = float(np.nanmin(values)), float(np.nanmax(values))
    raise UserError(
        f"{label}: {row.name} runs from {least:.4g} to {most:.4g} {row.units}, outside "
        f"[{row.low:g}, {row.high:g}]: set `units:` to the file's true unit, or mask these values"
    )


def _zero_is_missing(raw: xr.DataArray) -> bool:
    """Return whether missing values stand in the file as zeros, and nothing else is zero."""
    encoding, values = raw.encoding, raw.values
    fill = encoding.get("_FillValue", encoding.get("missing_value"))
    if fill is None or np.ndim(fill) or not np.isnan(values).any():
        return False
    decoded = fill * encoding.get("scale_factor", 1) + encoding.get("add_offset", 0)
    return bool(decoded == 0) and not (values == 0).any()
