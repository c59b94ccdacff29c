"""Opens a variable of a NetCDF or Zarr file; brings it to our names, axes and units."""

from pathlib import Path

import numpy as np
import xarray as xr

from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.config.sources.files import Crop, FileVariable
from downbench.core.errors import UserError
from downbench.core.spatial.regrid import normalise
from downbench.sources.files.units import convert, require_plausible_rain

AXES = {"latitude": "lat", "longitude": "lon", "nav_lat": "lat", "nav_lon": "lon"}


def read(
    region: RegionInputs, name: str, entry: FileVariable, crop: Crop | None = None
) -> xr.DataArray:
    """One variable, (time, lat, lon) float32 in the contract's unit, axes ascending.

    Static fields come without time. Daily values are stamped with the start of their day.

    Raises
    ------
    UserError
        Naming file, variable and fix when either is absent, the axes are not those of a
        rectilinear grid, a time stamp comes twice, or the unit is unknown or cannot be true.
    """
    where = f"{region.name}: {entry.path}: variable '{entry.variable}'"
    field = _on_axes(_variable(region, entry), where)
    if crop is not None:
        field = _cropped(field, crop, where)
    daily = region.target.daily
    if "time" in field.dims:
        field = _stamped(field, daily, where)
    converted = convert(field.load(), name, entry.units, daily, where).rename(name)
    if name == "pr":
        require_plausible_rain(converted.values, daily, where)
    return converted


def open_file(region: RegionInputs, path: str) -> xr.Dataset:
    """A file of the region, lazily, with its times decoded.

    Raises
    ------
    UserError
        When the file is absent (with its origin, if the YAML tells it) or cannot be read.
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
            return xr.open_zarr(file, chunks=None, consolidated=False)
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


def _on_axes(field: xr.DataArray, where: str) -> xr.DataArray:
    """Rename the axes to lat and lon, drop axes of length one, order them."""
    renamed = field.rename({old: new for old, new in AXES.items() if old in field.coords})
    flat = renamed.squeeze(
        [d for d, n in renamed.sizes.items() if n == 1 and d != "time"], drop=True
    )
    wanted = (*(("time",) if "time" in flat.dims else ()), "lat", "lon")
    if set(flat.dims) != set(wanted):
        raise UserError(
            f"{where}: dims are {flat.dims}, wanted {wanted}: name the axes lat and lon, choose "
            "one level of several, and bring a curvilinear grid to a rectilinear one first"
        )
    only = [name for name in flat.coords if name not in wanted]
    ordered = flat.drop_vars(only).transpose(*wanted)
    return normalise(ordered.to_dataset(name="field"))["field"]


def _cropped(field: xr.DataArray, crop: Crop, where: str) -> xr.DataArray:
    inside = field.sel(lat=slice(crop.south, crop.north), lon=slice(crop.west, crop.east))
    if 0 in inside.shape:
        raise UserError(
            f"{where}: no cell lies inside the crop {crop.south}…{crop.north}° N, "
            f"{crop.west}…{crop.east}° E: the file covers {float(field.lat.min()):g}…"
            f"{float(field.lat.max()):g}° N, {float(field.lon.min()):g}…"
            f"{float(field.lon.max()):g}° E"
        )
    return inside


def _stamped(field: xr.DataArray, daily: bool, where: str) -> xr.DataArray:
    """Times in order, each once; daily values at the start of their day."""
    dated = field.assign_coords(time=field["time"].dt.floor("D")) if daily else field
    ordered = dated.sortby("time")
    stamps = ordered["time"].values
    twice = stamps[1:][stamps[1:] == stamps[:-1]]
    if twice.size:
        raise UserError(
            f"{where}: {twice.size} time stamps come twice, first {twice[0]}: keep one of each"
        )
    if stamps.dtype == object or np.issubdtype(stamps.dtype, np.datetime64):
        return ordered
    raise UserError(f"{where}: time is not decoded to dates: give it CF units and a calendar")
