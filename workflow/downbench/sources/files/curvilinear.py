"""Projected and rotated grids of files: rows to the north, cropped, matched cell by cell."""

import numpy as np
import xarray as xr
from scipy.spatial import cKDTree

from downbench.core.config.sources.files import Crop
from downbench.core.errors import UserError
from downbench.core.spatial.cell_corners import cell_corners
from downbench.core.spatial.longitudes import wrapped
from downbench.core.spatial.sphere import lat_lon, normalised, unit_vectors
from downbench.sources.files import rectilinear

GRID = ("y", "x")
LARGEST_OFFSET = 0.1
"""Coordinates of one grid are the same within this share of a cell: files round them."""

MARGIN = 2.0
"""Steps of a file's grid kept beyond a region: neighbours for interpolation, edges of cells."""

CLEARLY = 2.0
"""Dims change places where latitude changes this much faster along the second of them."""


def on_two_axes(field: xr.DataArray, label: str) -> xr.DataArray:
    """Return a lazy field on (…, row, column), with lat and lon on both axes of its grid.

    Parameters
    ----------
    field
        With lat and lon on one axis each, or both on two axes.
    label
        File and variable, for messages.

    Raises
    ------
    UserError
        When the coordinates are those of points.
    """
    lat, lon = xr.broadcast(field["lat"], field["lon"])
    if lat.ndim != 2:
        raise UserError(
            f"{label}: dims are {field.dims}, expected time and two axes with lat and lon"
        )
    axes = dict(zip(lat.dims, ("row", "column"), strict=True))
    bare = field.drop_vars(["lat", "lon"]).rename(axes).transpose(..., "row", "column")
    positions = {"lat": lat.values, "lon": lon.values}
    return bare.assign_coords({n: (("row", "column"), v) for n, v in positions.items()})


def oriented(field: xr.DataArray, label: str) -> xr.DataArray:
    """Return a field on (…, y, x): y runs to the north and x to the east on average.

    Parameters
    ----------
    field
        Lazy, with lat and lon [degrees] on two of its dims, in any order.
    label
        File and variable, for messages.

    Returns
    -------
    xr.DataArray
        With lat(y, x) and lon(y, x) in −180 … 180; NaN where the file gives a cell none.

    Raises
    ------
    UserError
        When no cell has coordinates, or they lie on other dims than the field.
    """
    rows, columns = field["lat"].dims
    if {rows, columns} != set(field["lon"].dims) or not {rows, columns} <= set(field.dims):
        raise UserError(
            f"{label}: lat is on {field['lat'].dims} and lon on {field['lon'].dims}, but the "
            f"field on {field.dims}: give every cell both"
        )
    if not (field["lat"] + field["lon"]).notnull().any():
        raise UserError(f"{label}: no cell has a latitude and a longitude: add them to the file")
    if _step(field["lat"], columns) > CLEARLY * _step(field["lat"], rows):
        rows, columns = columns, rows
    dims = dict(zip((rows, columns), GRID, strict=True))
    lat, lon = (field[name].transpose(rows, columns).values for name in ("lat", "lon"))
    lat, lon = (np.where(np.isfinite(lat + lon), degrees, np.nan) for degrees in (lat, lon))
    bare = field.drop_vars(["lat", "lon"]).rename(dims).transpose(..., *GRID)
    placed = bare.assign_coords(lat=(GRID, lat), lon=(GRID, wrapped(lon)))
    return _rising(_rising(placed, "lat", "y"), "lon", "x")


def cropped(field: xr.DataArray, crop: Crop, shape: tuple[int, int], label: str) -> xr.DataArray:
    """Return the rows and columns that have a cell inside the edges of a crop.

    Parameters
    ----------
    field
        As `oriented` returns it.
    shape
        Rows and columns of the fine grid [cells].

    Raises
    ------
    UserError
        When no cell is inside, or these are not as many rows and columns.
    """
    lat, lon = field["lat"].values, field["lon"].values
    width = (crop.east - crop.west) % 360.0 or abs(crop.east - crop.west)
    inside = (lat >= crop.south) & (lat <= crop.north) & ((lon - crop.west) % 360.0 <= width)
    if not inside.any():
        north, east = (f"{np.nanmin(x):g}…{np.nanmax(x):g}" for x in (lat, lon))
        raise UserError(
            f"{label}: no cell is inside the crop {crop.south}…{crop.north}° N, "
            f"{crop.west}…{crop.east}° E: the file covers {north}° N, {east}° E"
        )
    row, column = (np.flatnonzero(inside.any(axis=axis))[[0, -1]] for axis in (1, 0))
    size = (int(row[1] - row[0]) + 1, int(column[1] - column[0]) + 1)
    if size != tuple(shape):
        raise UserError(
            f"{label}: {size[0]} rows from {row[0]} and {size[1]} columns from {column[0]} have a "
            f"cell inside the crop, but target.fine_shape = {list(shape)}: a projected grid does "
            "not run along its edges, so replace `crop` by the first cell, "
            f"`first_cell: {{row: {row[0]}, column: {column[0]}}}`"
        )
    return field.isel(y=slice(row[0], row[1] + 1), x=slice(column[0], column[1] + 1))


def near(field: xr.DataArray, grid: xr.Dataset, label: str) -> xr.DataArray:
    """Return the rows and columns of a lazy field that have a cell near those of `grid`.

    Parameters
    ----------
    field
        Coordinates lat and lon [degrees], one-dimensional or both on two dims.
    grid
        Cells of the region, with such coordinates.
    label
        File and variable, for messages.

    Raises
    ------
    UserError
        When no cell is near.
    """
    if field["lat"].ndim == 1:
        return rectilinear.near(field, _corner_coordinates(grid), label)
    lat, lon = xr.broadcast(field["lat"], field["lon"])
    centres = unit_vectors(lat.values, lon.values)
    steps = (np.linalg.norm(np.diff(centres, axis=axis), axis=-1) for axis in (0, 1))
    margin = MARGIN * max(np.nanmax(step, initial=0.0) for step in steps)
    corners = cell_corners(grid).reshape(-1, 3)
    middle = normalised(corners.mean(axis=0))
    radius = np.linalg.norm(corners - middle, axis=-1).max()
    inside = np.linalg.norm(centres - middle, axis=-1) <= radius + margin
    if not inside.any():
        raise UserError(
            f"{label}: no cell is near the region, around {grid['lat'].values.mean():.1f}° N, "
            f"{grid['lon'].values.mean():.1f}° E: take a file of the region"
        )
    ends = (np.flatnonzero(inside.any(axis=axis))[[0, -1]] for axis in (1, 0))
    return field.isel(
        {dim: slice(first, last + 1) for dim, (first, last) in zip(lat.dims, ends, strict=True)}
    )


def _corner_coordinates(grid: xr.Dataset) -> xr.Dataset:
    """Return the latitudes and longitudes of all corners, as axes without a width."""
    corners = zip(("lat", "lon"), lat_lon(cell_corners(grid)), strict=True)
    return xr.Dataset(
        coords={name: (name, np.unique(degrees), {"spacing": 0.0}) for name, degrees in corners}
    )


def at_cells_of(
    field: xr.DataArray,
    grid: xr.Dataset | xr.DataArray,
    label: str,
    partner: str = "the first variable of the target",
) -> xr.DataArray:
    """Return the values of a field (…, y, x) at the cells of a grid that it has, too.

    Parameters
    ----------
    field
        As `oriented` returns it, of the same or of a larger domain.
    grid
        With lat(y, x) and lon(y, x).
    label
        File and variable, for messages.
    partner
        What the grid belongs to.

    Raises
    ------
    UserError
        When a cell of the grid lacks coordinates, or is further from the nearest of the field
        than rounding explains.
    """
    cells = unit_vectors(grid["lat"].values, grid["lon"].values)
    missing = int(np.isnan(cells[..., 0]).sum())
    if missing:
        raise UserError(
            f"{label}: {missing} cells of the target have no latitude or longitude: crop the grid "
            "to cells that have them"
        )
    row, column, distance = _nearest(field, cells)
    farthest = float(distance.max() / np.median(np.linalg.norm(np.diff(cells, axis=1), axis=-1)))
    if farthest > LARGEST_OFFSET:
        raise UserError(
            f"{label} is on another grid than {partner}: its cells are up to {farthest:.2g} cells "
            "off: bring all variables and static fields to one grid"
        )
    if np.array_equal(np.stack([row, column]), np.indices(field["lat"].shape)):
        picked = field
    else:
        picked = field.isel(y=xr.DataArray(row, dims=GRID), x=xr.DataArray(column, dims=GRID))
    return picked.assign_coords(lat=(GRID, grid["lat"].values), lon=(GRID, grid["lon"].values))


def _nearest(field: xr.DataArray, cells: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return row, column and distance (y, x) of the cells of a field nearest to unit vectors."""
    valid = np.flatnonzero(np.isfinite(field["lat"].values))
    centres = unit_vectors(field["lat"].values, field["lon"].values).reshape(-1, 3)[valid]
    distance, index = cKDTree(centres).query(cells)
    return *np.unravel_index(valid[index], field["lat"].shape), distance


def _rising(field: xr.DataArray, name: str, dim: str) -> xr.DataArray:
    """Return the field with `dim` in the direction in which a coordinate rises."""
    steps = np.diff(field[name].values, axis=GRID.index(dim))
    steps = wrapped(steps) if name == "lon" else steps
    return field.isel({dim: slice(None, None, -1)}) if np.nanmedian(steps) < 0 else field


def _step(lat: xr.DataArray, dim: str) -> float:
    """Return the usual step of latitude along a dim, 0 along a single cell."""
    steps = np.abs(lat.diff(dim).values)
    return float(np.nanmedian(steps)) if np.isfinite(steps).any() else 0.0
