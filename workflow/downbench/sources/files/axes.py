"""Recognises the axes of a variable by names and attributes, and calls them time, lat and lon.

Files call axes `valid_time`, `latitude` or `XLAT`, give latitudes on both axes beside the axes
themselves, leave them out of the attribute `coordinates`, or have lost an axis of length one.
"""

import re
from collections.abc import Hashable, Iterable

import numpy as np
import xarray as xr

from downbench.core.spatial.longitudes import wrapped
from downbench.core.spatial.rectilinear import usual_step
from downbench.sources.files.levels import is_pressure

NAMES = {
    "time": ("time", "valid_time", "day", "date", "times", "t"),
    "lat": ("lat", "latitude", "nav_lat", "xlat", "lats"),
    "lon": ("lon", "longitude", "nav_lon", "xlong", "lons"),
}
STANDARD_NAMES = {"time": "time", "latitude": "lat", "longitude": "lon"}
START_OF_FORECAST = "forecast_reference_time"
"""Standard name of a time that values do not stand for, if another one is given."""

WIDTH = "_width"
"""End of the names of the coordinates that hold the widths of rows and columns."""

ROTATED = 0.5
"""Axes that differ from latitudes and longitudes by this share of a cell are others."""

UNITS = {
    "time": re.compile(r".* (since|as %)"),
    "lat": re.compile(r"degrees?_?n(orth)?$"),
    "lon": re.compile(r"degrees?_?e(ast)?$"),
}


def located(dataset: xr.Dataset, name: str) -> xr.DataArray:
    """Return a variable with its axes named, and coordinates for these axes alone.

    Parameters
    ----------
    dataset
        As opened; times need not be decoded.
    name
        A variable of it.

    Returns
    -------
    xr.DataArray
        Lazy, in the file's order of axes: time, where the variable has one, and (lat, lon) of a
        rectilinear grid; or any two dims with lat and lon on both of them (a curvilinear grid);
        or one dim with lat and lon (points). Further dims keep their coordinate, and a single
        pressure level is a dim of length one. Widths of rows and columns [degrees], where the
        file has bounds, are the coordinates lat_width and lon_width. `preferred_chunks` of the
        encoding are the file's, by the names of these dims.
    """
    field = dataset[name]
    bare = field.drop_vars(list(field.coords))
    further = [n for n in dataset.variables if n != name]
    axes = {role: _candidates(dataset, further, role) for role in NAMES}
    placed = _on_axis(_on_grid(bare, axes), axes["time"], "time")
    located_dims = {dim for c in placed.coords.values() for dim in c.dims}
    rest = [dim for dim in placed.dims if dim not in located_dims and dim in dataset.variables]
    widths = {f"{role}{WIDTH}": _width(dataset, placed, role) for role in ("lat", "lon")}
    stated = {name: (name[: -len(WIDTH)], w) for name, w in widths.items() if w is not None}
    complete = placed.assign_coords({dim: dataset[dim].variable for dim in rest} | stated)
    for level in (str(n) for n, c in field.coords.items() if c.ndim == 0 and is_pressure(c)):
        complete = complete.expand_dims(level).assign_coords(
            {level: (level, [field[level].item()], field[level].attrs)}
        )
    complete.encoding = field.encoding | _preferred_chunks(bare, placed.dims)
    return complete


def _preferred_chunks(bare: xr.DataArray, dims: tuple[str, ...]) -> dict[str, dict[str, int]]:
    """Return the chunks of a file, if it has any, by the new names of its dims, the last ones."""
    of_file = bare.encoding.get("preferred_chunks", {})
    names = zip(bare.dims, dims[len(dims) - bare.ndim :], strict=True)
    sizes = {new: of_file.get(old) for old, new in names}
    chunks = {name: size for name, size in sizes.items() if isinstance(size, int)}  # not uneven
    return {"preferred_chunks": chunks} if chunks else {}


def is_time(dataset: xr.Dataset, dim: Hashable) -> bool:
    """Return whether a dim is an axis of time, by the name or attributes of its coordinate."""
    if dim not in dataset.variables:
        return str(dim).lower() in NAMES["time"]
    return _role(str(dim), dataset.variables[dim]) == "time"


def _width(dataset: xr.Dataset, field: xr.DataArray, role: str) -> np.ndarray | None:
    """Return the width of each row or column by its bounds, where the file has them [degrees]."""
    bounds = dataset.variables.get(field[role].attrs.get("bounds")) if role in field.dims else None
    if bounds is None or bounds.shape != (field.sizes[role], 2):
        return None
    return np.abs(wrapped(np.diff(bounds.values.astype(np.float64), axis=1)))[:, 0]


def _candidates(dataset: xr.Dataset, names: Iterable[str], role: str) -> list[xr.Variable]:
    """Return all numbers or dates that may be `role`: those named like their dim first."""
    numbers = (str(name) for name in names if dataset.variables[name].dtype.kind in "fiuM")
    of_role = [name for name in numbers if _role(name, dataset.variables[name]) == role]
    usual_names = NAMES[role]

    def order(name: str) -> tuple[bool, bool, int]:
        variable = dataset.variables[name]
        place = (
            usual_names.index(name.lower()) if name.lower() in usual_names else len(usual_names)
        )
        is_start = variable.attrs.get("standard_name") == START_OF_FORECAST
        return is_start, variable.dims != (name,), place

    candidates = [dataset.variables[name] for name in sorted(of_role, key=order)]
    if role == "time":  # a temperature `t` is none
        return [variable for variable in candidates if variable.ndim < 2]
    return [_at_all_times(variable) for variable in candidates]


def _at_all_times(variable: xr.Variable) -> xr.Variable:
    """Return coordinates of a grid that a file repeats at each time, as WRF does, once."""
    if variable.ndim != 3:
        return variable
    first = variable.isel({variable.dims[0]: 0})
    return first if bool((first == variable).all()) else variable


def _role(name: str, variable: xr.Variable) -> str | None:
    standard = str(variable.attrs.get("standard_name", ""))
    if standard in STANDARD_NAMES:
        return STANDARD_NAMES[standard]
    for role, names in NAMES.items():
        if name.lower() in names:
            return role
    units = str(variable.attrs.get("units", "")).lower()
    roles = (role for role, pattern in UNITS.items() if pattern.match(units))
    return None if standard else next(roles, None)


def _on_grid(field: xr.DataArray, axes: dict[str, list[xr.Variable]]) -> xr.DataArray:
    """Give a field its lat and lon: axes, points, or both on two dims.

    Where axes differ from coordinates on both dims they are those of a rotated grid.
    """
    lat, lon = (_along(field, axes[role], 1) for role in ("lat", "lon"))
    if lat is not None and lon is not None and lat.dims == lon.dims:
        return field.assign_coords(lat=lat, lon=lon)
    lats, lons = (_along(field, axes[role], 2) for role in ("lat", "lon"))
    if lats is not None and lons is not None and not (_agree(lat, lats) and _agree(lon, lons)):
        return _on_both(field, {"lat": lats, "lon": lons})
    for role in ("lat", "lon"):
        field = _on_axis(field, axes[role], role)
    return field


def _on_both(field: xr.DataArray, coordinates: dict[str, xr.Variable]) -> xr.DataArray:
    """Give a field coordinates on two dims, which may not be called like the coordinates."""
    names = {
        str(dim): {"lat": "row", "lon": "column"}.get(str(dim), str(dim)) for dim in field.dims
    }
    renamed = field.rename({dim: name for dim, name in names.items() if dim != name})
    placed = {
        role: (tuple(names[dim] for dim in variable.dims), variable.values, variable.attrs)
        for role, variable in coordinates.items()
    }
    return renamed.assign_coords(placed)


def _agree(axis: xr.Variable | None, on_grid: xr.Variable) -> bool:
    """Return whether coordinates on two dims are those of an axis."""
    if axis is None or not set(axis.dims) <= set(on_grid.dims):
        return False
    difference = np.abs(wrapped((on_grid - axis).values))
    return bool(np.nanmax(difference, initial=0.0) <= ROTATED * max(usual_step(axis.values), 0.01))


def _along(field: xr.DataArray, candidates: list[xr.Variable], dims: int) -> xr.Variable | None:
    return next((v for v in candidates if v.ndim == dims and set(v.dims) <= set(field.dims)), None)


def _on_axis(field: xr.DataArray, candidates: list[xr.Variable], role: str) -> xr.DataArray:
    """Rename the axis that has `role`; add it where the file has one value of it."""
    axis = _along(field, candidates, 1)
    if axis is not None:
        renamed = field if axis.dims == (role,) else field.rename({axis.dims[0]: role})
        return renamed.assign_coords({role: (role, axis.values, axis.attrs)})
    single = next((v for v in candidates if v.size == 1), None)
    if single is None:
        return field
    return field.expand_dims({role: np.atleast_1d(single.values)}).assign_coords(
        {role: (role, np.atleast_1d(single.values).ravel(), single.attrs)}
    )
