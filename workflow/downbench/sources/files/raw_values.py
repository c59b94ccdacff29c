"""Values as a file packs and declares them: missing values in whichever way they are marked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.time_parts import along_time
from downbench.core.variables import variable
from downbench.sources.files import undeclared_missing
from downbench.sources.files.containers import reading
from downbench.sources.files.declared_range import declared_range
from downbench.sources.files.extremes import Extremes


@dataclass
class _Zeros:
    """Do missing values stand in the file as zeros, and is nothing else zero?"""

    is_fill: bool
    has_missing: bool = False
    has_zero: bool = False

    def add(self, values: np.ndarray) -> None:
        if self.is_fill:
            self.has_missing |= bool(np.isnan(values).any())
            self.has_zero |= bool((values == 0).any())

    @property
    def are_missing(self) -> bool:
        return self.is_fill and self.has_missing and not self.has_zero


def checked(
    raw: xr.DataArray,
    name: str,
    label: str,
    also: Callable[[xr.DataArray], None] = lambda part: None,
) -> xr.DataArray:
    """Return the values of one file without those outside the range that it declares.

    Parameters
    ----------
    raw
        Decoded values, in memory or lazy, any dims, with the attributes and the encoding of the
        file: it must not have been joined with another.
    name
        Name in this project.
    label
        File and variable, for messages.
    also
        Is called with the returned values of each part, so that the file is read once.

    Raises
    ------
    UserError
        When the file cannot be read, a value marks missing data without being declared, the
        declared range excludes ordinary values, or zeros of rain are declared missing; naming the
        raw value and the fix.
    """
    declared = declared_range(raw, label)
    kept = declared.of(raw)
    extremes, zeros = Extremes(), _Zeros(_has_zero_as_fill(raw))
    parts = along_time(raw)
    while (part := _next(parts, label)) is not None:
        declared.add(part.values)
        inner = declared.of(part)
        extremes.add(inner.values)
        zeros.add(inner.values)
        also(inner)
    declared.report()
    code = undeclared_missing.inside(kept, extremes)
    if code:
        raise UserError(f"{label}: {code}: {undeclared_missing.FIX}")
    if variable(name, label).is_intermittent and zeros.are_missing:
        raise UserError(
            f"{label}: the file marks 0 as missing, and so no value of {name} is zero: dry days "
            "would be left out: rewrite the file with another _FillValue, zeros as numbers"
        )
    return kept


def _next(parts: Iterator[xr.DataArray], label: str) -> xr.DataArray | None:
    with reading(label):
        return next(parts, None)


def _has_zero_as_fill(raw: xr.DataArray) -> bool:
    encoding = raw.encoding
    fill = encoding.get("_FillValue", encoding.get("missing_value"))
    if fill is None or np.ndim(fill):
        return False
    return bool(fill * encoding.get("scale_factor", 1) + encoding.get("add_offset", 0) == 0)
