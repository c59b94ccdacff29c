"""Values as a file packs and declares them: missing values in whichever way they are marked."""

import numpy as np
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.variables import variable
from downbench.sources.files import declared_range, undeclared_missing


def checked(field: xr.DataArray, name: str, label: str) -> xr.DataArray:
    """Return the values of one file without those outside the range that it declares.

    Parameters
    ----------
    field
        Decoded values in memory, any dims, with the attributes and the encoding of the file: it
        must not have been joined with another.
    name
        Name in this project.
    label
        File and variable, for messages.

    Raises
    ------
    UserError
        When a value marks missing data without being declared, the declared range excludes
        ordinary values, or zeros of rain are declared missing; naming the raw value and the fix.
    """
    kept = declared_range.masked(field, label)
    if np.isfinite(kept.values).any():
        code = undeclared_missing.inside(kept)
        if code:
            raise UserError(f"{label}: {code}: {undeclared_missing.FIX}")
    if variable(name, label).is_intermittent and _zero_is_missing(kept):
        raise UserError(
            f"{label}: the file marks 0 as missing, and so no value of {name} is zero: dry days "
            "would be left out: rewrite the file with another _FillValue, zeros as numbers"
        )
    return kept


def _zero_is_missing(raw: xr.DataArray) -> bool:
    """Return whether missing values stand in the file as zeros, and nothing else is zero."""
    encoding, values = raw.encoding, raw.values
    fill = encoding.get("_FillValue", encoding.get("missing_value"))
    if fill is None or np.ndim(fill) or not np.isnan(values).any():
        return False
    decoded = fill * encoding.get("scale_factor", 1) + encoding.get("add_offset", 0)
    return bool(decoded == 0) and not (values == 0).any()
