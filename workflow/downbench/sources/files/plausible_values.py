"""Values of a file against the table of variables: valid range and smallest peak."""

from typing import Protocol

import numpy as np
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.variable import Variable
from downbench.sources.files import undeclared_missing
from downbench.sources.files.extremes import Extremes
from downbench.sources.files.traces import Traces, largest_trace


class SeriesValues(Protocol):
    """What is known of all values of a series, in the contract's unit."""

    row: Variable
    as_read: str
    extremes: Extremes
    traces: Traces

    def converted(self, values: np.ndarray) -> np.ndarray:
        """Return values of the file in the contract's unit."""


def refuse_codes(series: SeriesValues, raw: xr.DataArray) -> None:
    """Refuse values outside the valid range that are one and the same.

    Parameters
    ----------
    series
        What is known of the values.
    raw
        Values as decoded from the file, in memory or lazy.

    Raises
    ------
    UserError
        Naming the raw value that may mark missing data, and the fix.
    """
    row, extremes = series.row, series.extremes
    low, high = row.low - largest_trace(row), row.high + largest_trace(row)
    if not (extremes.least < low or extremes.most > high):
        return

    def is_beyond(values: np.ndarray) -> np.ndarray:
        converted = series.converted(values)
        return (converted < low) | (converted > high)

    code = undeclared_missing.outside(raw, is_beyond)
    if code:
        raise UserError(f"{series.as_read}: {code}: {undeclared_missing.FIX}")


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


def require(series: SeriesValues) -> None:
    """Refuse values outside the valid range, and values that are too small for their unit.

    Raises
    ------
    UserError
        Naming the values, the range and the fix.
    """
    row, label = series.row, series.as_read
    ends = np.array([series.extremes.least, series.extremes.most])
    least, most = map(float, series.traces.limited(ends))
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
