"""The part of a grid of latitudes and longitudes around a box."""

import xarray as xr

from downbench.core.config.downloads.bounds import Bounds
from downbench.core.errors import UserError
from downbench.sources.files import rectilinear


def cut(field: xr.DataArray, bounds: Bounds, label: str) -> xr.DataArray:
    """Return the cells within a box and next to it, lazily, on ascending axes lat and lon.

    Longitudes run on beyond 180 degrees where the box lies across that meridian.

    Raises
    ------
    UserError
        When the grid is not one of latitudes and longitudes, or lies elsewhere.
    """
    placed = rectilinear.with_axes(field)
    if not {"lat", "lon"} <= set(placed.dims):
        raise UserError(
            f"{label}: lat and lon are on {placed['lat'].dims}, not on one axis each: choose a "
            "store on a grid of latitudes and longitudes"
        )
    east = bounds.west + bounds.width
    edges = {"lat": [bounds.south, bounds.north], "lon": [bounds.west, east]}
    box = xr.Dataset(coords=edges)
    for name in edges:
        box[name].attrs["spacing"] = 0.0
    return rectilinear.near(rectilinear.ascending(placed, label), box, label)
