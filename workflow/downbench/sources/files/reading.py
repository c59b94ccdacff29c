"""Reads a variable of files: opened, located, joined along time, on its days, in our units."""

from collections.abc import Callable

import xarray as xr

from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.config.sources.files import Crop, FileVariable, paths_of
from downbench.core.contract import STATIC
from downbench.core.errors import UserError
from downbench.core.rain_magnitude import is_polar
from downbench.core.variables import RAIN
from downbench.sources.files import raw_values, rectilinear
from downbench.sources.files.axes import WIDTH
from downbench.sources.files.containers import DAMAGE, reading
from downbench.sources.files.days import stamped
from downbench.sources.files.joining import joined
from downbench.sources.files.opening import files, open_variable
from downbench.sources.files.rain_size import require_plausible_rain
from downbench.sources.files.units import convert

Part = Callable[[xr.DataArray, str], xr.DataArray]


def read(
    region: RegionInputs,
    name: str,
    entry: FileVariable,
    crop: Crop | None = None,
    near: xr.Dataset | None = None,
) -> xr.DataArray:
    """Return one variable, (time, lat, lon) float32 in the contract's unit, axes ascending.

    Static fields have no time. Daily values are stamped with the start of their day. Longitudes
    run on beyond 180 where the cells lie across that meridian.

    Parameters
    ----------
    crop
        Edges of the cells to keep.
    near
        Grid around which cells are kept, as in `rectilinear.near`.

    Raises
    ------
    UserError
        Naming file, variable and fix when either is absent or damaged, the axes are not those of
        an even rectilinear grid, values are not daily, a time stamp occurs twice, or the unit is
        unknown or cannot be true.
    """

    def on_grid(field: xr.DataArray, label: str) -> xr.DataArray:
        return _on_grid(field, crop, near, label)

    field = read_series(region, name, entry, region.target.daily, on_grid)
    axes = ("time", "lat", "lon") if "time" in field.dims else ("lat", "lon")
    return field.transpose(*axes)


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
    if "time" in field.dims:
        field = stamped(field, daily, label)
    elif name not in STATIC:
        raise UserError(
            f"{label}: dims are {field.dims}, without a time: add the axis to the file"
        )
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
    with reading(label, DAMAGE):
        field = open_variable(region, path, entry, name)
    field = part(field, label)
    with reading(label):
        field.load()
    return raw_values.checked(field, name, label)


def _on_grid(
    field: xr.DataArray, crop: Crop | None, near: xr.Dataset | None, label: str
) -> xr.DataArray:
    """Return the cells of a rectilinear grid, lazily."""
    field = rectilinear.with_axes(field)
    if not {"lat", "lon"} <= set(field.dims):
        raise UserError(
            f"{label}: dims are {field.dims}, expected lat and lon: regrid a curvilinear grid or "
            "points to a rectilinear grid first"
        )
    ordered = rectilinear.ascending(field, label)
    inside = ordered if crop is None else rectilinear.cropped(ordered, crop, label)
    inside = inside if near is None else rectilinear.near(inside, near, label)
    rectilinear.require_even(inside, label)
    inside = rectilinear.with_spacing(inside, label)
    return inside.drop_vars([name for name in inside.coords if str(name).endswith(WIDTH)])
