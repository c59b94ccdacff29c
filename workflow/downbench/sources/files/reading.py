"""Reads a variable of files: opened, located, joined along time, on its days, in our units."""

from collections.abc import Callable, Sequence

import numpy as np
import xarray as xr

from downbench.core import time_parts
from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.config.sources.file_variable import FileVariable, paths_of
from downbench.core.config.sources.files import Crop, FirstCell
from downbench.core.contract import STATIC
from downbench.core.errors import UserError
from downbench.core.rain_magnitude import is_polar
from downbench.core.variables import RAIN
from downbench.sources.files import (
    curvilinear,
    even_axes,
    first_cell,
    raw_values,
    rectilinear,
    valid_share,
)
from downbench.sources.files.axes import WIDTH
from downbench.sources.files.containers import DAMAGE, reading
from downbench.sources.files.days import stamped
from downbench.sources.files.joining import joined, require_one_series, sharing
from downbench.sources.files.opening import files, open_variable, variable_of
from downbench.sources.files.rain_size import require_plausible_rain
from downbench.sources.files.units import conversion

Part = Callable[[xr.DataArray, str], xr.DataArray]


def read(
    region: RegionInputs,
    name: str,
    entry: FileVariable,
    crop: Crop | FirstCell | None = None,
    near: xr.Dataset | None = None,
) -> xr.DataArray:
    """Return one variable, (time, lat, lon) float32 in the contract's unit, axes ascending.

    All values are read and checked here; a large series is lazy then, in parts along time.
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

    field = _series(region, name, entry, region.target.daily, on_grid, lazy=True)
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
    return _series(region, name, entry, daily, part, lazy=False)


def series_of(
    dataset: xr.Dataset, name: str, entry: FileVariable, daily: bool, part: Part, label: str
) -> xr.DataArray:
    """Return one variable of an open file, or of any dataset, in memory; see `read_series`.

    Parameters
    ----------
    label
        What the dataset is called in messages.
    """
    of_variable = f"{label}: variable '{entry.variable}'"
    with reading(of_variable, DAMAGE):
        field = variable_of(dataset, entry, name, of_variable)
    return checked([part(field, of_variable)], [label], name, entry, daily, lazy=False)


def _series(
    region: RegionInputs, name: str, entry: FileVariable, daily: bool, part: Part, *, lazy: bool
) -> xr.DataArray:
    """Return one variable as `read_series` does, or a large one lazily."""
    names, fields = files(region, entry.path), []
    for path in names:
        label = f"{region.name}: {path}: variable '{entry.variable}'"
        with reading(label, DAMAGE):
            field = open_variable(region, path, entry, name)
        taken = part(field, label)
        fields.append(sharing(taken, fields[0]) if fields else taken)
    return checked(fields, names, name, entry, daily, f"{region.name}: ", lazy=lazy)


def checked(
    fields: Sequence[xr.DataArray],
    names: Sequence[str],
    name: str,
    entry: FileVariable,
    daily: bool,
    prefix: str = "",
    *,
    lazy: bool,
) -> xr.DataArray:
    """Join lazy fields of files along time, on their days and in the contract's unit.

    Values are read once, and all checks look at them; a large series, where it may be lazy, is
    read again when it is used. Messages begin with `prefix` and a file's name.
    """
    variable = f"variable '{entry.variable}'"
    label = f"{prefix}{', '.join(names)}: {variable}"
    require_one_series(fields, names, f"{prefix}{variable}")
    # Counts of cells are added without names of dims.
    fields = [field.transpose(*fields[0].dims) for field in fields]
    to_contract = conversion(fields[0].attrs.get("units"), name, entry.units, daily, label)
    is_large = lazy and time_parts.is_large(fields)
    parts = []
    for field, file in zip(fields, names, strict=True):
        of_file = f"{prefix}{file}: {variable}"
        with reading(of_file):
            held = _by_hemisphere(field, time_parts.in_parts if is_large else xr.DataArray.load)
        parts.append(raw_values.checked(held, name, of_file, also=to_contract.add))
    series = on_days(joined(parts), name, daily, label)
    in_unit = to_contract.of(series).rename(name)
    if name == RAIN:
        polar, times = is_polar(in_unit["lat"].values), in_unit.sizes.get("time", 1)
        require_plausible_rain(to_contract.rain, times, daily, label, polar)
    return valid_share.counted(in_unit, to_contract.valid) if is_large else in_unit


def on_days(series: xr.DataArray, name: str, daily: bool, label: str) -> xr.DataArray:
    """Return a series stamped with its days; only a static field may lack an axis of time."""
    if "time" in series.dims:
        return stamped(series, daily, label)
    if name not in STATIC:
        require_time(series, label)
    return series


def require_time(field: xr.DataArray, label: str) -> None:
    """Refuse a field without an axis of time."""
    if "time" not in field.dims:
        raise UserError(
            f"{label}: dims are {field.dims}, without a time: add the axis to the file"
        )


def label_of(region: RegionInputs, entry: FileVariable) -> str:
    """Return region, files and variable, as messages begin with."""
    return f"{region.name}: {', '.join(paths_of(entry.path))}: variable '{entry.variable}'"


def _by_hemisphere(
    field: xr.DataArray, hold: Callable[[xr.DataArray], xr.DataArray]
) -> xr.DataArray:
    """Load the columns of each hemisphere at once.

    A file that begins at 0 or 180 degrees has a region across that meridian at both of its ends,
    which would be read column by column.
    """
    if "lon" not in field.dims:
        return hold(field)
    hemisphere = np.floor(field["lon"].values / 180.0)
    runs = np.split(np.arange(field.sizes["lon"]), np.flatnonzero(np.diff(hemisphere)) + 1)
    parts = [hold(field.isel(lon=run)) for run in runs]
    held = parts[0] if len(parts) == 1 else time_parts.whole_grid(xr.concat(parts, "lon"))
    held.encoding = field.encoding
    return held


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
