"""Corners and areas of the cells of a rectilinear or curvilinear grid, from their centres."""

import numpy as np
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.spatial import rectilinear
from downbench.core.spatial.sphere import normalised, quadrilateral_areas, unit_vectors

DIRECTIONS = tuple((axis, step) for axis in (0, 1) for step in (1, -1))
CORNERS = ("corner_lat", "corner_lon")
"""Coordinates of a grid that states its corners, as the blocks of a fine grid do."""


def cell_areas(grid: xr.Dataset) -> np.ndarray:
    """Return cell areas (y, x) [m2] on a sphere; NaN where coordinates are missing.

    Parameters
    ----------
    grid
        Coordinates lat and lon [degrees], one-dimensional or both on two dimensions.

    Raises
    ------
    UserError
        When a curvilinear grid has fewer than two rows or columns.
    """
    if grid["lat"].ndim == 1:
        return rectilinear.cell_area(grid["lat"], grid["lon"])
    areas = quadrilateral_areas(cell_corners(grid))
    return np.where(grid["lat"].isnull() | grid["lon"].isnull(), np.nan, areas)


def cell_corners(grid: xr.Dataset) -> np.ndarray:
    """Return unit vectors (y + 1, x + 1, 3) of the corners.

    Corners are the stated ones (`corner_lat`, `corner_lon`), the edges of a rectilinear grid, or
    lie in the middle of the four centres around them; centres are continued linearly beyond the
    outermost ones. Arguments and errors as for `cell_areas`.
    """
    if set(CORNERS) <= set(grid.coords):
        return unit_vectors(*(grid[name].values for name in CORNERS))
    lat, lon = grid["lat"], grid["lon"]
    if lat.ndim == 1:
        axes = np.meshgrid(rectilinear.lat_edges(lat), rectilinear.edges(lon), indexing="ij")
        return unit_vectors(*axes)
    if min(lat.shape) < 2:
        raise UserError(
            f"lat and lon have the shape {lat.shape}: with fewer than two rows or columns the "
            "size of the cells is unknown: take a larger part of the grid"
        )
    return _between(unit_vectors(lat.values, lon.values))


def _between(centres: np.ndarray) -> np.ndarray:
    """Return corners (y + 1, x + 1, 3) from centres (y, x, 3)."""
    grown = np.pad(centres, ((1, 1), (1, 1), (0, 0)), constant_values=np.nan)
    # The first pass continues rows and columns, the second fills the four outermost centres.
    grown = _continued(_continued(grown))
    return normalised(grown[:-1, :-1] + grown[:-1, 1:] + grown[1:, :-1] + grown[1:, 1:])


def _continued(centres: np.ndarray) -> np.ndarray:
    """Continue centres linearly by one cell into neighbours that are missing."""
    total, count = np.zeros_like(centres), np.zeros(centres.shape[:2])
    for axis, step in DIRECTIONS:
        estimate = 2 * _shifted(centres, axis, step) - _shifted(centres, axis, 2 * step)
        valid = np.isfinite(estimate).all(axis=-1)
        total[valid] += estimate[valid]
        count += valid
    mean = total / np.where(count, count, np.nan)[..., None]
    return np.where(np.isnan(centres), mean, centres)


def _shifted(field: np.ndarray, axis: int, step: int) -> np.ndarray:
    """Return the field shifted by `step` cells along an axis, NaN where nothing moves in."""
    shifted = np.roll(field, step, axis)
    rim = slice(None, step) if step > 0 else slice(step, None)
    shifted[(slice(None),) * axis + (rim,)] = np.nan
    return shifted
