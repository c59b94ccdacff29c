"""The cells of a grid that lie in a box on the map, with one cell around them."""

import numpy as np
import xarray as xr

from downbench.core.config.downloads.bounds import Bounds
from downbench.core.errors import UserError
from downbench.core.spatial.rectilinear import usual_step


def cut(field: xr.DataArray, bounds: Bounds, label: str) -> xr.DataArray:
    """Return the cells in a box and their neighbours, lazily.

    Parameters
    ----------
    field
        With lat and lon [degrees] on one axis each, or both on two axes.
    bounds
        Edges of the box.
    label
        What the field is called in messages.

    Returns
    -------
    xr.DataArray
        Longitudes on one axis do not jump inside the box.

    Raises
    ------
    UserError
        When the grid does not cover the box.
    """
    return _block(field, bounds, label) if field["lat"].ndim == 2 else _axes(field, bounds, label)


def _from_centre(lon: np.ndarray, bounds: Bounds) -> np.ndarray:
    """Return degrees east of the middle of the box, -180 … 180."""
    return (lon - bounds.west - bounds.width / 2 + 180.0) % 360.0 - 180.0


def _axes(field: xr.DataArray, bounds: Bounds, label: str) -> xr.DataArray:
    lat, east = field["lat"].values, _from_centre(field["lon"].values, bounds)
    steps = usual_step(field["lat"].values), usual_step(field["lon"].values)
    middle, height = (bounds.south + bounds.north) / 2, bounds.height
    rows = np.flatnonzero(np.abs(lat - middle) <= height / 2 + steps[0])
    columns = np.flatnonzero(np.abs(east) <= bounds.width / 2 + steps[1])
    ends = (lat[rows] - middle, height, steps[0]), (east[columns], bounds.width, steps[1])
    if not all(_reach(*end) for end in ends):
        raise _outside(field, bounds, label)
    ordered = columns[np.argsort(east[columns])]
    lon = bounds.west + bounds.width / 2 + east[ordered]
    return field.isel(lat=rows, lon=ordered).assign_coords(lon=("lon", lon, field["lon"].attrs))


def _reach(offsets: np.ndarray, width: float, step: float) -> bool:
    """Return whether cells at distances from the middle of a box fill its width."""
    half = (width - step) / 2 - 1e-6 * step
    return offsets.size > 0 and offsets.min() <= -half and offsets.max() >= half


def _block(field: xr.DataArray, bounds: Bounds, label: str) -> xr.DataArray:
    lat, east = field["lat"].values, _from_centre(field["lon"].values, bounds)
    middle = (bounds.south + bounds.north) / 2
    inside = (np.abs(lat - middle) <= bounds.height / 2) & (np.abs(east) <= bounds.width / 2)
    parts = {}
    for axis, dim in enumerate(field["lat"].dims):
        cells = np.flatnonzero(inside.any(axis=1 - axis))
        if not cells.size or cells[0] == 0 or cells[-1] == field.sizes[dim] - 1:
            raise _outside(field, bounds, label)
        parts[dim] = slice(cells[0] - 1, cells[-1] + 2)
    return field.isel(parts)


def _outside(field: xr.DataArray, bounds: Bounds, label: str) -> UserError:
    grid = ", ".join(
        f"{name} {float(field[name].min()):g} to {float(field[name].max()):g}"
        for name in ("lat", "lon")
    )
    fix = "correct `bounds`"
    if _is_swapped(field, bounds):
        fix += ", or report it: its axes look swapped"
    return UserError(
        f"{label}: the grid ({grid}) does not cover the box (lat {bounds.south:g} to "
        f"{bounds.north:g}, lon {bounds.west:g} to {bounds.east:g}): {fix}"
    )


def _is_swapped(field: xr.DataArray, bounds: Bounds) -> bool:
    """Return whether the latitudes contain the longitudes of the box, and the reverse."""
    ends = {"lat": (bounds.west, bounds.east), "lon": (bounds.south, bounds.north)}
    return all(
        field[name].min() <= low <= high <= field[name].max() for name, (low, high) in ends.items()
    )
