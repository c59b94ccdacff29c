"""Rectilinear grids of files: axes ascending, across 180 degrees if need be, evenly spaced."""

import numpy as np
import xarray as xr

from downbench.core.config.sources.files import Crop
from downbench.core.errors import UserError
from downbench.core.spatial.longitudes import around, continuous
from downbench.sources.files.axes import WIDTH

SAME_PLACE = 1e-3
"""Coordinates are the same within this share of a cell: files round them to float32."""

LARGEST_DEVIATION, LARGEST_SHIFT = 0.1, 0.3
"""Steps of an even axis differ by up to this share; rounded centres are off by that share."""

LARGEST_RATIO = 1.5
"""Width of cells by their bounds against the distance of their centres."""

MARGIN = 2
"""Cells kept around another grid."""

POLAR = 85.0
"""Rows beyond this latitude may be narrower: some models halve the one at the pole."""


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
    ordered = field.assign_coords(lon=("lon", lon)).sortby(["lat", "lon"])
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
        centres, others = field[name].values, axes[name]
        margin = MARGIN * max(_step(centres), grid[name].attrs.get("spacing", _step(others)))
        inside = (centres >= others.min() - margin) & (centres <= others.max() + margin)
        places[name] = np.flatnonzero(inside)
        if not inside.any():
            raise UserError(
                f"{label}: it covers {name} {centres.min():g} to {centres.max():g}, not the "
                f"region's {others.min():g} to {others.max():g}: take a file of the region"
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
    margin = SAME_PLACE * _step(lon)
    east = (lon - crop.west + margin) % 360.0 - margin
    columns = np.flatnonzero(east <= width + margin)
    margin = SAME_PLACE * _step(lat)
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


def require_even(field: xr.DataArray, label: str) -> None:
    """Refuse axes with a missing row, a jump or cells of different size; Gaussian ones pass.

    Raises
    ------
    UserError
        Naming the axis and its steps, also when the cells by their bounds do not touch.
    """
    for name in ("lat", "lon"):
        centres = field[name].values
        inner = np.abs(centres) <= POLAR if name == "lat" else np.ones(centres.size, bool)
        steps = np.diff(centres[inner])
        if steps.size and not _is_even(centres[inner], steps):
            raise UserError(
                f"{label}: {name} is not evenly spaced, its steps are {steps.min():.6g} to "
                f"{steps.max():.6g} degrees: complete missing rows or columns, or regrid the "
                "file to even steps"
            )
        if name + WIDTH in field.coords and steps.size:
            _require_touching(field[name + WIDTH].values, _step(centres), f"{label}: {name}")


def _require_touching(width: np.ndarray, step: float, label: str) -> None:
    usual = float(np.nanmedian(width))
    if not 1 / LARGEST_RATIO <= usual / step <= LARGEST_RATIO:
        raise UserError(
            f"{label} has cells {usual:.4g} degrees wide by its bounds, but {step:.4g} degrees "
            "apart: take a file with all cells, not every n-th, or correct the bounds"
        )


def wrapped_around(field: xr.DataArray, lon: np.ndarray) -> xr.DataArray:
    """Return a field with its longitudes within 180 degrees of those of a region, ascending."""
    moved = around(field["lon"].values, float(np.mean(lon)))
    return field.assign_coords(lon=("lon", moved, field["lon"].attrs)).sortby("lon")


def with_spacing(field: xr.DataArray, label: str) -> xr.DataArray:
    """Give a single row or column its width, as the attribute `spacing` of its coordinate.

    The width is that of its bounds, else the distance of the cells along the other axis.

    Raises
    ------
    UserError
        When the grid is a single cell without bounds.
    """
    for name, other in (("lat", "lon"), ("lon", "lat")):
        if field.sizes[name] > 1:
            continue
        spacing = _step(field[other].values)
        if name + WIDTH in field.coords:
            spacing = float(field[name + WIDTH].values[0])
        if not spacing > 0:
            raise UserError(f"{label}: its grid is a single cell: take a file of a larger area")
        attributes = {**field[name].attrs, "spacing": spacing}
        field = field.assign_coords({name: (name, field[name].values, attributes)})
        print(f"{label}: a single {name}, taken for {spacing:.4g} degrees wide")
    return field


def on_cells_of(field: xr.DataArray, reference: xr.DataArray | xr.Dataset) -> xr.DataArray:
    """Give cells that a reference has, too, exactly its coordinates; others keep theirs."""
    moved = {}
    for name in ("lat", "lon"):
        centres, others = field[name].values, reference[name].values
        nearest = _nearest(centres, others)
        same = np.abs(nearest - centres) <= SAME_PLACE * (_step(others) or 1.0)
        moved[name] = (name, np.where(same, nearest, centres), field[name].attrs)
    return field.assign_coords(moved)


def require_shared_cells(field: xr.DataArray, first: xr.DataArray, label: str) -> None:
    """Refuse two grids that share no rows or columns, or every second one.

    Raises
    ------
    UserError
        Naming the axis and the distance between the grids.
    """
    for name in ("lat", "lon"):
        ours, theirs = field[name].values, first[name].values
        shared = np.isin(ours, theirs)
        if not shared.any():
            distance = np.abs(_nearest(ours, theirs) - ours).min()
            raise UserError(
                f"{label}: no {name} is the same, the nearest two differ by {distance:.3g} "
                "degrees: bring both to one grid"
            )
        for axis, other in ((ours, theirs), (theirs, ours)):
            places = np.flatnonzero(np.isin(axis, other))
            if (np.diff(places) != 1).any():
                raise UserError(
                    f"{label}: {name} has steps of {_step(ours):.6g} and {_step(theirs):.6g} "
                    "degrees: bring both to one grid"
                )


def _require_degrees(axis: xr.DataArray, name: str, label: str) -> None:
    values, units = axis.values, str(axis.attrs.get("units", ""))
    if not np.isfinite(values).all():
        raise UserError(f"{label}: the axis {name} has missing values: complete it")
    limit = {"lat": 90.001, "lon": 720.0}[name]
    if units.lower().startswith(("rad", "km", "m")) or np.abs(values).max(initial=0.0) > limit:
        raise UserError(
            f"{label}: the axis {name} runs from {values.min():g} to {values.max():g} "
            f"{units or '(without units)'}: give it in degrees"
        )


def _is_even(centres: np.ndarray, steps: np.ndarray) -> bool:
    usual = float(np.median(steps))
    if steps.min() <= 0:
        return False
    shift = np.abs(centres - np.linspace(centres[0], centres[-1], centres.size)).max()
    return bool(
        np.abs(steps / usual - 1).max() <= LARGEST_DEVIATION or shift <= LARGEST_SHIFT * usual
    )


def _is_constant(coordinate: xr.DataArray, dim: str) -> bool:
    spread = float((coordinate.max(dim) - coordinate.min(dim)).max())
    return spread <= SAME_PLACE * _step(coordinate.mean(dim).values)


def _nearest(centres: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return for each centre the nearest of others, which ascend."""
    return others[np.searchsorted((others[1:] + others[:-1]) / 2, centres)]


def _step(centres: np.ndarray) -> float:
    """Return the usual distance of neighbours [degrees], of 2-D centres along the wider axis."""
    steps = [np.abs(np.diff(centres, axis=axis)) for axis in range(centres.ndim)]
    return max((float(np.median(along)) for along in steps if along.size), default=0.0)
