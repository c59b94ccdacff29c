"""The part of a grid from a first row and column on."""

import xarray as xr

from downbench.core.config.sources.files import FirstCell
from downbench.core.errors import UserError


def block(
    field: xr.DataArray, first: FirstCell, shape: tuple[int, int], label: str
) -> xr.DataArray:
    """Return the rows and columns of a grid from its first cell on.

    Parameters
    ----------
    field
        On (…, lat, lon) or (…, y, x): rows from the south, columns from the west.
    shape
        Rows and columns of the fine grid [cells].
    label
        File and variable, for messages.

    Raises
    ------
    UserError
        When the grid ends before.
    """
    dims = field["lat"].dims if field["lat"].ndim == 2 else ("lat", "lon")
    starts = (first.row, first.column)
    ends = tuple(start + size for start, size in zip(starts, shape, strict=True))
    if any(end > field.sizes[dim] for dim, end in zip(dims, ends, strict=True)):
        raise UserError(
            f"{label}: the fine grid ends at row {ends[0]} and column {ends[1]}, but the file has "
            f"{field.sizes[dims[0]]} rows and {field.sizes[dims[1]]} columns: lower "
            "target.first_cell or target.fine_shape"
        )
    parts = zip(dims, starts, ends, strict=True)
    return field.isel({dim: slice(start, end) for dim, start, end in parts})
