"""Reads a variable of files: opened, located, joined along time, on its days, in our units."""

from collections.abc import Callable

import numpy as np
import xarray as xr

from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.config.sources.file_variable import FileVariable, paths_of
from downbench.core.config.sources.files import Crop, FirstCell
from downbench.core.contract import STATIC
from downbench.core.errors import UserError
from downbench.core.rain_magnitude import is_polar
from downbench.core.variables import RAIN
from downbench.sources.files import curvilinear, even_axes, first_cell, raw_values, rectilinear
from downbench.sources.files.axes import WIDTH
from downbench.sources.files.containers import DAMAGE, reading
from downbench.sources.files.days import stamped
from downbench.sources.files.joining import joined
from downbench.sources.files.opening import files, open_variable, variable_of
from downbench.sources.files.rain_size import require_plausible_rain
from downbench.sources.files.units import convert

Part = Callable[[xr.DataArray, str], xr.DataArray]


def read(
    region: RegionInputs,
    name: str,
    entry: FileVariable,
    crop: Crop | FirstCell | None = None,
    near: xr.Dataset | None = None,
) -> xr.DataArray:
    """Return one variable, (time, lat, lon) float32 in the contract's unit, axes ascending.

    Static fields have no time. Daily values are stamped with the start of their day. Longitudes
    run on beyond 180 where the cells lie across that meridian. A projected or rotated grid gives
    (time, y, x) with lat(y, x) and lon(y, x), see `curvilinear.oriented`.

    Parameters
    ----------
    crop
        Edges of the cells to keep, or the first of them.
    near
        Grid around which cells are kept, as in `rectilinear.near` and `curvilinear.near`.

    Raises
    ------
    UserError
        Naming file, variable and fix when either is absent or damaged, the axes are not those of
        a grid, values are not daily, a time stamp occurs twice, or the unit is unknown or cannot
        be true.
    """

    def on_grid(field: xr.DataArray, label: str) -> xr.DataArray:
        part = _cropped(_on_grid(field, label), crop, region.target.shape(), label)
        part = part if near is None else _near(part, near, label)
        return part if part["lat"].ndim == 2 else _even(part, label)

    field = read_series(region, name, entry, region.target.daily, on_grid)
    grid = field["lat"].dims if field["lat"].ndim == 2 else ("lat", "lon")
    return field.transpose(*(("time",) if "time" in field.dims else ()), *grid)


def read_series(
    region: RegionInputs, name: str, entry: FileVariable, daily: bool, part: Part
) -> xr.DataArray:
    """Return one variable in memory on its own grid or points, as `opening.open_variable` does.

    Parameters
    ----------
    name
        Its name in this project.
    daily
        Does a value stand for a day?
    part
        Takes what is needed of each file, before values are loaded.

    Raises
    ------
    UserError
        As in `read`.
    """
    label = label_of(region, entry)
    names = files(region, entry.path)
    parts = [_part(region, name, path, entry, part) for path in names]
    field = joined(parts, names, f"{region.name}: variable '{entry.variable}'")
    return _in_units(field, name, entry, daily, label)


def series_of(
    dataset: xr.Dataset, name: str, entry: FileVariable, daily: bool, part: Part, label: str
) -> xr.DataArray:
    """Return one variable of an open file, or of any dataset, in memory; see `read_series`.

    Parameters
    ----------
    label
        What the dataset is called in messages.
    """
    label = f"{label}: variable '{entry.variable}'"
    with reading(label, DAMAGE):
        field = variable_of(dataset, entry, name, label)
    return _in_units(_in_memory(field, name, part, label), name, entry, daily, label)


def _in_units(
    field: xr.DataArray, name: str, entry: FileVariable, daily: bool, label: str
) -> xr.DataArray:
    """Return a field on its days, in the contract's unit."""
    if "time" in field.dims:
        field = stamped(field, daily, label)
    elif name not in STATIC:
        raise UserError(
            f"{label}: dims are {field.dims}, without a time: add the axis to the file"
        )
    converted = convert(field, name, entry.units, daily, label).rename(name)
    if name == RAIN:
        polar = is_polar(converted["lat"].values)
        require_plausible_rain(converted.transpose("time", ...).values, daily, label, polar)
    return converted


def label_of(region: RegionInputs, entry: FileVariable) -> str:
    """Return region, files and variable, as messages begin with."""
    return f"{region.name}: {', '.join(paths_of(entry.path))}: variable '{entry.variable}'"


def _part(
    region: RegionInputs, name: str, path: str, entry: FileVariable, part: Part
) -> xr.DataArray:
    label = f"{region.name}: {path}: variable '{entry.variable}'"
    with reading(label, DAMAGE):
        field = open_variable(region, path, entry, name)
    return _in_memory(field, name, part, label)


def _in_memory(field: xr.DataArray, name: str, part: Part, label: str) -> xr.DataArray:
    field = part(field, label)
    with reading(label):
        field = _loaded(field)
    return raw_values.checked(field, name, label)


def _loaded(field: xr.DataArray) -> xr.DataArray:
    """Load the columns of each hemisphere at once.

    A file that begins at 0 or 180 degrees has a region across that meridian at both of its ends,
    which would be read column by column.
    """
    if "lon" not in field.dims:
        return field.load()
    hemisphere = np.floor(field["lon"].values / 180.0)
    runs = np.split(np.arange(field.sizes["lon"]), np.flatnonzero(np.diff(hemisphere)) + 1)
    parts = [field.isel(lon=run).load() for run in runs]
    loaded = parts[0] if len(parts) == 1 else xr.concat(parts, "lon")
    loaded.encoding = field.encoding
    return loaded


def _on_grid(field: xr.DataArray, label: str) -> xr.DataArray:
    """Return the cells of a grid in the project's order, lazily."""
    field = rectilinear.with_axes(field)
    if {"lat", "lon"} <= set(field.dims):
        return rectilinear.ascending(field, label)
    if field["lat"].ndim == 2:
        return curvilinear.oriented(field, label)
    raise UserError(
        f"{label}: dims are {field.dims}, with lat and lon of points: expected those of a grid, "
        "on one axis each or on both"
    )


def _cropped(
    field: xr.DataArray, crop: Crop | FirstCell | None, shape: tuple[int, int], label: str
) -> xr.DataArray:
    if crop is None:
        return field
    if isinstance(crop, FirstCell):
        return first_cell.block(field, crop, shape, label)
    if field["lat"].ndim == 2:
        return curvilinear.cropped(field, crop, shape, label)
    return rectilinear.cropped(field, crop, label)


def _near(field: xr.DataArray, grid: xr.Dataset, label: str) -> xr.DataArray:
    if field["lat"].ndim == grid["lat"].ndim == 1:
        return rectilinear.near(field, grid, label)
    return curvilinear.near(field, grid, label)


def _even(field: xr.DataArray, label: str) -> xr.DataArray:
    """Return a rectilinear field whose axes are even, with the width of a single row or column."""
    even_axes.require_even(field, label)
    sized = even_axes.with_spacing(field, label)
    return sized.drop_vars([name for name in sized.coords if str(name).endswith(WIDTH)])
