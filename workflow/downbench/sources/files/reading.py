"""Reads a variable of files: opened, located, joined along time, on its days, in our units."""

from collections.abc import Callable

import xarray as xr

from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.config.sources.files import CellCrop, Crop, FileVariable, paths_of
from downbench.core.contract import STATIC
from downbench.core.errors import UserError
from downbench.core.rain_magnitude import is_polar
from downbench.core.variables import RAIN, variable
from downbench.sources.files import cell_crop, curvilinear, raw_values, rectilinear
from downbench.sources.files.containers import reading
from downbench.sources.files.days import stamped
from downbench.sources.files.joining import joined
from downbench.sources.files.nearby import nearby
from downbench.sources.files.opening import files, open_variable
from downbench.sources.files.rain_size import require_plausible_rain
from downbench.sources.files.units import convert

Part = Callable[[xr.DataArray, str], xr.DataArray]


def read(
    region: RegionInputs,
    name: str,
    entry: FileVariable,
    crop: Crop | CellCrop | None = None,
    around: xr.Dataset | None = None,
) -> xr.DataArray:
    """Return one variable, (time, lat, lon) float32 in the contract's unit, axes ascending.

    Static fields have no time. Daily values are stamped with the start of their day. Longitudes
    run on beyond 180 where the cells lie across that meridian. A projected or rotated grid gives
    (time, y, x) with lat(y, x) and lon(y, x), see `curvilinear.oriented`.

    Parameters
    ----------
    region, name, entry
        The variable, its name in this project, and where it is.
    crop
        Part of the grid of a target; None is all of it.
    around
        Grid of a region: the part of a file near its cells is read, None reads all of it.

    Raises
    ------
    UserError
        Naming file, variable and fix when either is absent or damaged, the axes are not those of
        a grid, values are not daily, a time stamp occurs twice, or the unit is unknown or cannot
        be true.
    """

    def on_grid(field: xr.DataArray, label: str) -> xr.DataArray:
        part = _cropped(_on_grid(field, label), crop, region.target.shape(), label)
        part = part if around is None else nearby(part, around)
        if part["lat"].ndim == 1:
            rectilinear.require_even(part, label)
        return part.drop_vars([n for n in part.coords if n not in ("time", "lat", "lon")])

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
    if name in STATIC:
        field = _static(field, label)
    elif "time" not in field.dims:
        raise UserError(
            f"{label}: dims are {field.dims}, without a time: add the axis to the file"
        )
    else:
        field = stamped(field, daily, label)
    converted = convert(field, name, entry.units, daily, label).rename(name)
    if name == RAIN:
        polar = is_polar(converted["lat"].values)
        require_plausible_rain(converted.values, daily, label, polar)
    return converted


def label_of(region: RegionInputs, entry: FileVariable) -> str:
    """Return region, files and variable, as messages begin with."""
    return f"{region.name}: {', '.join(paths_of(entry.path))}: variable '{entry.variable}'"


def _part(
    region: RegionInputs, name: str, path: str, entry: FileVariable, part: Part
) -> xr.DataArray:
    label = f"{region.name}: {path}: variable '{entry.variable}'"
    field = part(open_variable(region, path, entry, variable(name, label).level_hpa), label)
    with reading(label):
        field.load()
    return raw_values.checked(field, name, label)


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
    field: xr.DataArray, crop: Crop | CellCrop | None, shape: tuple[int, int], label: str
) -> xr.DataArray:
    if crop is None:
        return field
    if isinstance(crop, CellCrop):
        return cell_crop.block(field, crop, shape, label)
    if field["lat"].ndim == 2:
        return curvilinear.cropped(field, crop, shape, label)
    return rectilinear.cropped(field, crop, label)


def _static(field: xr.DataArray, label: str) -> xr.DataArray:
    if field.sizes.get("time", 1) > 1:
        raise UserError(
            f"{label}: {field.sizes['time']} times of a static field: keep one of them"
        )
    return field.isel(time=0, drop=True) if "time" in field.dims else field
