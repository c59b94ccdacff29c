"""Latitudes and longitudes of a grid that states its projection instead, in the terms of CF."""

import numpy as np
import pyproj
import xarray as xr

from downbench.core.errors import UserError

WGS84 = "EPSG:4326"
AXES = {
    "x": ("projection_x_coordinate", "grid_longitude", "x", "rlon"),
    "y": ("projection_y_coordinate", "grid_latitude", "y", "rlat"),
}
"""Standard names and names of axes."""

PER_UNIT = {"m": 1.0, "metre": 1.0, "metres": 1.0, "meter": 1.0, "meters": 1.0}
PER_UNIT |= {"km": 1e3, "kilometre": 1e3, "kilometres": 1e3, "kilometer": 1e3, "kilometers": 1e3}
DEGREES = {"degrees": 1.0, "degree": 1.0}


def unprojected(field: xr.DataArray, dataset: xr.Dataset, label: str) -> xr.DataArray:
    """Return the field with lat and lon [degrees] on both axes of its projection.

    Parameters
    ----------
    field
        A variable with the attribute `grid_mapping`; one without it is returned as it is.
    dataset
        The file, with the variable that describes the projection and the axes of the field.
    label
        File and variable, for messages.

    Raises
    ------
    UserError
        When the projection or its axes are not described, or the values lie outside it.
    """
    name = str(field.attrs.get("grid_mapping", "")).split(":")[0].strip()
    if name not in dataset.variables:
        return field
    axes = {axis: _axis(field, dataset, axis) for axis in AXES}
    if any(axis is None for axis in axes.values()):
        return field
    crs = _reference_system(dataset[name], label)
    to_degrees = pyproj.Transformer.from_crs(crs, WGS84, always_xy=True)
    positions = (_positions(axes[axis], label) for axis in ("x", "y"))
    lon, lat = to_degrees.transform(*np.meshgrid(*positions))
    if not np.isfinite(lat).all():
        raise UserError(
            f"{label}: axes {axes['x'].name} and {axes['y'].name} lie outside the projection "
            f"'{name}': correct their units, or add lat and lon on both axes"
        )
    dims = (axes["y"].dims[0], axes["x"].dims[0])
    return field.assign_coords(lat=(dims, lat), lon=(dims, lon))


def step_m(field: xr.DataArray, dataset: xr.Dataset, axis: str) -> float | None:
    """Return the usual step [m] of the axis `x` or `y` of a plane, None without such an axis."""
    coordinate = _axis(field, dataset, axis)
    if coordinate is None or coordinate.size < 2 or _units(coordinate) not in PER_UNIT:
        return None
    step = float(np.median(np.abs(np.diff(coordinate.values))))
    return step * PER_UNIT[_units(coordinate)]


def _axis(field: xr.DataArray, dataset: xr.Dataset, axis: str) -> xr.DataArray | None:
    """Return the coordinate of an axis along one dim of the field, if the file names it."""
    along = (dataset[dim] for dim in field.dims if dim in dataset.variables)
    names = AXES[axis]
    return next(
        (c for c in along if c.attrs.get("standard_name") in names or c.name in names), None
    )


def _reference_system(mapping: xr.DataArray, label: str) -> pyproj.CRS:
    try:
        return pyproj.CRS.from_cf(mapping.attrs)
    except (pyproj.exceptions.CRSError, KeyError) as error:
        raise UserError(
            f"{label}: grid_mapping '{mapping.name}' does not describe a projection ({error}): "
            "complete its attributes as CF says, or add lat and lon on both axes"
        ) from None


def _positions(axis: xr.DataArray, label: str) -> np.ndarray:
    """Return the values of an axis in metres, or in degrees of a rotated grid."""
    units, scale = _units(axis), PER_UNIT | DEGREES
    if units not in scale:
        raise UserError(
            f"{label}: axis {axis.name} has the units '{units}': give it metres, kilometres or "
            "degrees, or add lat and lon on both axes"
        )
    return axis.values * scale[units]


def _units(axis: xr.DataArray) -> str:
    return str(axis.attrs.get("units", "")).lower()
