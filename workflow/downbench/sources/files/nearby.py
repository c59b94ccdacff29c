"""The part of a large file that can matter to a region, before any value is read."""

import numpy as np
import xarray as xr

from downbench.core.spatial.cell_corners import cell_corners
from downbench.core.spatial.sphere import normalised, unit_vectors

MARGIN = 2.0
"""Steps of the file's grid beyond the region: neighbours for interpolation, edges of cells."""


def nearby(field: xr.DataArray, grid: xr.Dataset) -> xr.DataArray:
    """Return the rows and columns of a lazy field that have a cell near those of `grid`.

    All of the field where no cell is near.

    Parameters
    ----------
    field
        Coordinates lat and lon [degrees], one-dimensional or both on two dims.
    grid
        Cells of the region, with such coordinates.
    """
    lat, lon = xr.broadcast(field["lat"], field["lon"])
    centres = unit_vectors(lat.values, lon.values)
    steps = (np.linalg.norm(np.diff(centres, axis=axis), axis=-1) for axis in (0, 1))
    margin = MARGIN * max(np.nanmax(step, initial=0.0) for step in steps)
    corners = cell_corners(grid).reshape(-1, 3)
    middle = normalised(corners.mean(axis=0))
    radius = np.linalg.norm(corners - middle, axis=-1).max()
    near = np.linalg.norm(centres - middle, axis=-1) <= radius + margin
    if not near.any():
        return field
    ends = (np.flatnonzero(near.any(axis=axis))[[0, -1]] for axis in (1, 0))
    return field.isel(
        {dim: slice(first, last + 1) for dim, (first, last) in zip(lat.dims, ends, strict=True)}
    )
