"""Reads a variable of a NetCDF or Zarr file; converts it to our names, axes and units."""

from pathlib import Path

import numpy as np
import xarray as xr

from downbench.core.calendar import stamps
from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.config.sources.files import Crop, FileVariable
from downbench.core.errors import UserError
from downbench.core.spatial.regrid import normalise
from downbench.sources.files import zarr_zeros
from downbench.sources.files.units import convert, require_plausible_rain

AXES = {"latitude": "lat", "longitude": "lon", "nav_lat": "lat", "nav_lon": "lon"}


def read(
    region: RegionInputs, name: str, entry: FileVariable, crop: Crop | None = None
) -> xr.DataArray:
    """Return one variable, (time, lat, lon) float32 in the contract's unit, axes ascending.

    Static fields have no time. Daily values are stamped with the start of their day.

    Raises
    ------
    UserError
        Naming file, variable and fix when either is absent, the axes are not those of a
        rectilinear grid, a time stamp is there twice, or the unit is unknown or cannot be true.
    """
    label = f"{region.name}: {entry.path}: variable '{entry.variable}'"
    field = _on_axes(_variable(region, entry), label)
    if crop is not None:
        field = _cropped(field, crop, label)
    daily = region.target.daily
    if "time" in field.dims:
        field = _stamped(field, daily, label)
    converted = convert(field.load(), name, entry.units, daily, label).rename(name)
    if name == "pr":
        require_plausible_rain(converted.values, daily, label)
    return converted


def open_file(region: RegionInputs, path: str) -> xr.Dataset:
    """Open a file of the region lazily, with its times decoded.

    Raises
    ------
    UserError
        When the file is absent (with its origin, if the YAML states it) or cannot be read.
    """
    file = Path(region.data_dir) / path
    if not file.exists():
        origin = region.origins.get(path, "its provider; the YAML names no origin")
        raise UserError(
            f"{region.name}: {file} is absent: get it from {origin}, or set data_dir to the "
            "folder that holds it"
        )
    try:
        if file.is_dir():
            return zarr_zeros.open_store(file)
        return xr.open_dataset(file)
    except (OSError, ValueError, KeyError) as error:
        raise UserError(f"{region.name}: {file} cannot be read ({error}): get it again") from None


def _variable(region: RegionInputs, entry: FileVariable) -> xr.DataArray:
    dataset = open_file(region, entry.path)
    if entry.variable not in dataset.data_vars:
        raise UserError(
            f"{region.name}: {entry.path}: no variable '{entry.variable}': set `variable:` to one "
            f"of {', '.join(map(str, dataset.data_vars))}"
        )
    return dataset[entry.variable]


def _on_axes(field: xr.DataArray, label: str) -> xr.DataArray:
    """Rename the axes to lat and lon, drop axes of length one, order them."""
    renamed = field.rename({old: new for old, new in AXES.items() if old in field.coords})
    flat = renamed.squeeze(
        [d for d, n in renamed.sizes.items() if n == 1 and d != "time"], drop=True
    )
    axes = (*(("time",) if "time" in flat.dims else ()), "lat", "lon")
    if set(flat.dims) != set(axes):
        raise UserError(
            f"{label}: dims are {flat.dims}, expected {axes}: name the axes lat and lon, choose "
            "one level of several, and regrid a curvilinear grid to a rectilinear one first"
        )
    extra = [name for name in flat.coords if name not in axes]
    ordered = flat.drop_vars(extra).transpose(*axes)
    return normalise(ordered.to_dataset(name="field"))["field"]


def _cropped(field: xr.DataArray, crop: Crop, label: str) -> xr.DataArray:
    inside = field.sel(lat=slice(crop.south, crop.north), lon=slice(crop.west, crop.east))
    if 0 in inside.shape:
        raise UserError(
            f"{label}: no cell is inside the crop {crop.south}…{crop.north}° N, "
            f"{crop.west}…{crop.east}° E: the file covers {float(field.lat.min()):g}…"
            f"{float(field.lat.max()):g}° N, {float(field.lon.min()):g}…"
            f"{float(field.lon.max()):g}° E"
        )
    return inside


def _stamped(field: xr.DataArray, daily: bool, label: str) -> xr.DataArray:
    """Return times in order, each once; daily values at the start of their day."""
    field = stamps.dated(field, label)
    dated = field.assign_coords(time=field["time"].dt.floor("D")) if daily else field
    ordered = dated.sortby("time")
    times = ordered["time"].values
    repeated = times[1:][times[1:] == times[:-1]]
    if repeated.size:
        raise UserError(
            f"{label}: {repeated.size} time stamps occur twice, first {repeated[0]}: keep one"
        )
    if times.dtype == object or np.issubdtype(times.dtype, np.datetime64):
        return ordered
    raise UserError(f"{label}: time is not decoded to dates: give it CF units and a calendar")
