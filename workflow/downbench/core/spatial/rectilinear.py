"""Edges and areas of the cells of a grid with one-dimensional lat and lon."""

import numpy as np
import xarray as xr

from downbench.core.constants import EARTH_RADIUS_M

ROUNDING = 2e-3
"""Share of a cell by which a grid may end short of another: coordinates in float32, say."""

SAME_PLACE = 1e-3
"""Coordinates are the same within this share of a cell: files round them to float32."""

SAME_AXIS_DEGREES = 1e-6
"""Rows and columns of float32 coordinates on one parallel and one meridian."""


def edges(centres: xr.DataArray) -> np.ndarray:
    """Cell edges (n + 1,) half-way between n centres, half a cell beyond the outer ones.

    The width of a single cell is the attribute `spacing` of its centre.
    """
    values = np.asarray(centres, np.float64)
    if values.size == 1:
        return values + np.array([-0.5, 0.5]) * centres.attrs["spacing"]
    middle = (values[:-1] + values[1:]) / 2
    return np.concatenate([[2 * values[0] - middle[0]], middle, [2 * values[-1] - middle[-1]]])


def lat_edges(centres: xr.DataArray) -> np.ndarray:
    """Edges (n + 1,) along latitude [degrees], not beyond the poles."""
    return np.clip(edges(centres), -90.0, 90.0)


def cell_area(lat: xr.DataArray, lon: xr.DataArray) -> np.ndarray:
    """Cell areas (lat, lon) [m2] between parallels and meridians of a sphere of 6371 km radius."""
    strips = np.abs(np.diff(np.sin(np.deg2rad(lat_edges(lat)))))
    widths = np.abs(np.diff(np.deg2rad(edges(lon))))
    return EARTH_RADIUS_M**2 * strips[:, None] * widths[None, :]


def is_rectilinear(lat: np.ndarray, lon: np.ndarray) -> bool:
    """Return whether lat (y, x) is the same along rows and lon along columns [degrees]."""
    along_rows, along_columns = np.ptp(lat, axis=1), np.ptp(lon, axis=0)
    return bool(max(along_rows.max(), along_columns.max()) <= SAME_AXIS_DEGREES)


def usual_step(centres: np.ndarray) -> float:
    """Return the usual distance of neighbours [degrees], of 2-D centres along the wider axis."""
    steps = [np.abs(np.diff(centres, axis=axis)) for axis in range(centres.ndim)]
    return max((float(np.median(along)) for along in steps if along.size), default=0.0)
