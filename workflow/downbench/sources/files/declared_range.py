"""The range that a file declares for a variable: what lies outside is missing (CF 2.5.1)."""

import numpy as np
import xarray as xr

from downbench.core.errors import UserError

MOST_CODES = 16
"""Different values outside the range up to which they count as codes of missing values."""


def masked(field: xr.DataArray, label: str) -> xr.DataArray:
    """Return a field without the values outside its `valid_min`, `valid_max` or `valid_range`.

    Parameters
    ----------
    field
        Decoded values in memory, any dims, with the attributes and the encoding of the file.
    label
        File and variable, for messages.

    Raises
    ------
    UserError
        When so many different values lie outside that they are no codes of missing values.
    """
    low, high = declared_range(field)
    if np.isinf([low, high]).all():
        return field
    outside = (field.values < low) | (field.values > high)
    if not outside.any():
        return field
    codes = np.unique(field.values[outside])
    span = f"{codes[0]:.6g}" if codes.size == 1 else f"{codes[0]:.6g} to {codes[-1]:.6g}"
    if codes.size > MOST_CODES:
        raise UserError(
            f"{label}: {codes.size} different values ({span}) lie outside the range that the file "
            f"declares, {low:.6g} to {high:.6g} (valid_min, valid_max, valid_range): correct the "
            "attribute, or mask these values in the file"
        )
    print(f"{label}: {outside.mean():.2%} of the values ({span}) lie outside the declared "
          f"range {low:.6g} to {high:.6g} and count as missing")  # fmt: skip
    kept = field.where(~outside).assign_attrs(field.attrs)
    kept.encoding = field.encoding
    return kept


def declared_range(field: xr.DataArray) -> tuple[float, float]:
    """Return the declared range in decoded units, infinite where none is declared.

    Bounds of the type of packed integers are packed; bounds of another type are not.
    """
    attributes, encoding = field.attrs, field.encoding
    bounds = attributes.get(
        "valid_range",
        (attributes.get("valid_min", -np.inf), attributes.get("valid_max", np.inf)),
    )
    scale, offset = (encoding.get(k, v) for k, v in (("scale_factor", 1), ("add_offset", 0)))
    try:
        ends = [
            float(bound) * float(scale) + float(offset)
            if np.asarray(bound).dtype.kind in "iu"
            else float(bound)
            for bound in bounds
        ]
    except (TypeError, ValueError):
        print(f"the declared range {bounds!r} of '{field.name}' holds no numbers: not used")
        return -np.inf, np.inf
    slack = 0.5 * abs(float(scale)) if "scale_factor" in encoding else 0.0
    return min(ends) - slack, max(ends) + slack
