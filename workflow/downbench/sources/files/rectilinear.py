"""Rectilinear grids of files: axes ascending, across 180 degrees if need be, and parts of them."""

import numpy as np
import xarray as xr

from downbench.core.config.sources.files import Crop
from downbench.core.errors import UserError
from downbench.core.spatial.longitudes import around, continuous
from downbench.core.spatial.rectilinear import SAME_PLACE, usual_step

MARGIN = 2
"""Cells kept around another grid."""


def with_axes(field: xr.DataArray) -> xr.DataArray:
    """Return a field with lat and lon as axes, if each of them depends on one axis alone."""
    lat, lon = field["lat"], field["lon"]
    if lat.ndim != 2 or lat.size == 0:
        return field
    for rows, columns in (lat.dims, lat.dims[::-1]):
        if _is_constant(lat, columns) and _is_constant(lon, rows):
            centres = {"lat": lat.isel({columns: 0}), "lon": lon.isel({rows: 0})}
            named = field.drop_vars(["lat", "lon"]).rename({rows: "lat", columns: "lon"})
            return named.assign_coords({n: (n, c.values, c.attrs) for n, c in centres.items()})
    return field


def ascending(field: xr.DataArray, label: str) -> xr.DataArray:
    """Return a field on ascending axes lat and lon, without a column that closes the circle.

    Longitudes are in -180 … 180, or run on beyond 180 where the grid lies across it.

    Raises
    ------
    UserError
        When a coordinate is missing, or is not in degrees.
    """
    for name in ("lat", "lon"):
        _require_degrees(field[name], name, label)
    lon = continuous(field["lon"].values)
    ordered = _sorted(field.assign_coords(lon=("lon", lon)), "lat", "lon")
    steps = np.diff(ordered["lon"].values)
    if not steps.size:
        return ordered
    return ordered.isel(lon=np.r_[True, steps > SAME_PLACE * np.median(steps)])


def near(field: xr.DataArray, grid: xr.Dataset, label: str) -> xr.DataArray:
    """Return the cells of an ascending grid that lie within or next to another grid, lazily.

    Parameters
    ----------
    grid
        Coordinates lat and lon [degrees] of the other grid, on one axis each or on both.

    Raises
    ------
    UserError
        When there is none.
    """
    axes = {"lat": grid["lat"].values, "lon": continuous(grid["lon"].values)}
    field = wrapped_around(field, axes["lon"])
    places = {}
    for name in ("lat", "lon"):
        centres, region = field[name].values, axes[name]
        spacing = grid[name].attrs.get("spacing", usual_step(region))
        margin = MARGIN * max(usual_step(centres), spacing)
        inside = (centres >= region.min() - margin) & (centres <= region.max() + margin)
        places[name] = np.flatnonzero(inside)
        if not inside.any():
            raise UserError(
                f"{label}: it covers {name} {centres.min():g} to {centres.max():g}, not the "
                f"region's {region.min():g} to {region.max():g}: take a file of the region"
            )
    return field.isel(places)


def cropped(field: xr.DataArray, crop: Crop, label: str) -> xr.DataArray:
    """Return the cells with their centre inside the crop, ascending from its western edge.

    Raises
    ------
    UserError
        When there is none.
    """
    lat, lon = field["lat"].values, field["lon"].values
    width = (crop.east - crop.west) % 360.0 or abs(crop.east - crop.west)
    margin = SAME_PLACE * usual_step(lon)
    east = (lon - crop.west + margin) % 360.0 - margin
    columns = np.flatnonzero(east <= width + margin)
    margin = SAME_PLACE * usual_step(lat)
    rows = np.flatnonzero((lat >= crop.south - margin) & (lat <= crop.north + margin))
    if not rows.size or not columns.size:
        raise UserError(
            f"{label}: no cell is inside the crop {crop.south}…{crop.north}° N, "
            f"{crop.west}…{crop.east}° E: the file covers {lat.min():g}…{lat.max():g}° N, "
            f"{lon.min():g}…{lon.max():g}° E"
        )
    order = columns[np.argsort(east[columns])]
    inside = field.isel(lat=rows, lon=order)
    return inside.assign_coords(lon=("lon", continuous(inside["lon"].values)))


def wrapped_around(field: xr.DataArray, lon: np.ndarray) -> xr.DataArray:
    """Return a field with its longitudes within 180 degrees of those of a region, ascending."""
    moved = around(field["lon"].values, float(np.mean(lon)))
    return _sorted(field.assign_coords(lon=("lon", moved, field["lon"].attrs)), "lon")


def _sorted(field: xr.DataArray, *axes: str) -> xr.DataArray:
    """Return a field with ascending axes; `sortby` would copy each date of other calendars."""
    return field.isel({axis: np.argsort(field[axis].values, kind="stable") for axis in axes})


def _require_degrees(axis: xr.DataArray, name: str, label: str) -> None:
    values, units = axis.values, str(axis.attrs.get("units", ""))
    if not values.size or not np.isfinite(values).all():
        raise UserError(f"{label}: the axis {name} has missing values, or none: complete it")
    limit = {"lat": 90.001, "lon": 720.0}[name]
    if units.lower().startswith(("rad", "km", "m")) or np.abs(values).max(initial=0.0) > limit:
        raise UserError(
            f"{label}: the axis {name} runs from {values.min():g} to {values.max():g} "
            f"{units or '(without units)'}: give it in degrees"
        )


def _is_constant(coordinate: xr.DataArray, dim: str) -> bool:
    spread = float((coordinate.max(dim) - coordinate.min(dim)).max())
    return spread <= SAME_PLACE * usual_step(coordinate.mean(dim).values)
