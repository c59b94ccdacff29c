"""Values of a file against the table of variables: valid range and smallest peak."""

import numpy as np
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.variable import Variable
from downbench.core.variables import variable
from downbench.sources.files import undeclared_missing


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
        When values leave the valid range, where one of them may mark missing data, or all are too
        small for the unit; naming the raw value and the fix.
    """
    row, values = variable(name), converted.values
    if not np.isfinite(values).any() and not np.isinf(values).any():
        return
    beyond = (values < row.low) | (values > row.high)
    if beyond.any():
        _refuse_range(row, values, raw, beyond, label)
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
        raise UserError(f"{label}: {code}: {undeclared_missing.FIX}")
    least, most = float(np.nanmin(values)), float(np.nanmax(values))
    raise UserError(
        f"{label}: {row.name} runs from {least:.4g} to {most:.4g} {row.units}, outside "
        f"[{row.low:g}, {row.high:g}]: set `units:` to the file's true unit, or mask these values"
    )
