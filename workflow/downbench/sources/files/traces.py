"""Traces beyond a physical limit, such as packed rain just below zero, become the limit."""

import numpy as np
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.variable import Variable

TRACES = {
    "precipitation": 0.01,
    "water column": 0.01,
    "wind": 0.01,
    "relative humidity": 0.01,
    "area fraction": 1e-4,
}
"""Largest trace of a quantity in the unit of its variable; of %, a hundred times as large."""


def without_traces(field: xr.DataArray, row: Variable, label: str) -> xr.DataArray:
    """Return a field with traces below zero, and of shares above one, at that limit.

    Packing in integers and spectral models leave such values. Their number is reported.

    Parameters
    ----------
    field
        In the unit of the variable's row.

    Raises
    ------
    UserError
        When rain is negative beyond a trace.
    """
    if row.quantity not in TRACES:
        return field
    trace = largest_trace(row)
    low, high = row.low, row.high if row.kind == "bounded" else np.inf
    values = field.values
    if low == 0.0 and row.is_intermittent:
        _refuse_negative(values, trace, row, label)
    beyond = ((values < low) & (values >= low - trace)) | (
        (values > high) & (values <= high + trace)
    )
    if not beyond.any():
        return field
    print(
        f"{label}: {int(beyond.sum())} traces of {row.name} beyond its limit (down to "
        f"{float(values[beyond].min()):.3g} {row.units}) are set to the limit"
    )
    return field.copy(data=np.where(beyond, np.clip(values, low, high), values))


def largest_trace(row: Variable) -> float:
    """Return what may lie beyond the limits of a variable as a trace [its units]."""
    return TRACES.get(row.quantity, 0.0) * (100.0 if row.units == "%" else 1.0)


def _refuse_negative(values: np.ndarray, trace: float, row: Variable, label: str) -> None:
    negative = values < -trace
    if negative.any():
        raise UserError(
            f"{label}: {row.name} is negative in {int(negative.sum())} of {values.size} values, "
            f"down to {float(values[negative].min()):.4g} {row.units}: rain cannot be; look for "
            "an undeclared missing value (declare `_FillValue`), or for differences of sums"
        )
