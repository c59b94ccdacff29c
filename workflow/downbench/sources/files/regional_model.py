"""A run of a regional climate model on the fine grid, as an ensemble with one member."""

from collections.abc import Mapping

import numpy as np
import xarray as xr

from downbench.core.calendar import stamps
from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.config.region.regional_models import RcmVariable
from downbench.core.errors import UserError
from downbench.core.spatial import curvilinear
from downbench.core.spatial.grids import valid_cells
from downbench.sources.files.reading import AXES, open_file
from downbench.sources.files.units import convert, require_plausible_rain

METHODS = {"nearest": curvilinear.nearest, "linear": curvilinear.linear}
LEAST_COVERED = 0.9


def read(
    region: RegionInputs, entries: Mapping[str, RcmVariable], target: xr.Dataset
) -> xr.Dataset:
    """Return daily fields (time, member, y, x) float32 on the valid cells of `target`.

    The model's cells may be on a curvilinear grid with lat and lon on both axes. Fine cells
    beyond its outermost centres stay missing, as do the model's own missing values.

    Raises
    ------
    UserError
        Naming file, variable and fix when either is absent, the axes are not understood, the unit
        is unknown, or the grid covers less than nine tenths of the region's valid cells.
    """
    series = [_on_target(region, name, entry, target) for name, entry in entries.items()]
    merged = xr.merge(series, join="inner", compat="no_conflicts")
    if merged.sizes["time"] == 0:
        raise UserError(f"{region.name}: the variables of the regional model share no day")
    ensemble = merged.expand_dims(member=[0]).transpose("time", "member", "y", "x")
    return ensemble.assign_coords(lat=target["lat"], lon=target["lon"])


def _on_target(
    region: RegionInputs, name: str, entry: RcmVariable, target: xr.Dataset
) -> xr.DataArray:
    label = f"{region.name}: {entry.path}: variable '{entry.variable}'"
    field = _field(region, entry, label)
    values = convert(field, name, entry.units, True, label)
    if name == "pr":
        require_plausible_rain(values.values, True, label)
    points = (target["lat"].values.ravel(), target["lon"].values.ravel())
    lon = (field["lon"].values + 180.0) % 360.0 - 180.0
    cells = METHODS[entry.method](field["lat"].values, lon, points)
    fine = cells.of(values.values).reshape(-1, *target["lat"].shape)
    valid = valid_cells(target[name])
    covered = np.isfinite(cells.weight).all(axis=1).reshape(valid.shape)[valid].mean()
    if covered < LEAST_COVERED:
        raise UserError(
            f"{label}: its grid covers {covered:.0%} of the region's valid cells, expected "
            f"{LEAST_COVERED:.0%}: take a file of a larger domain"
        )
    fine = np.where(valid, fine, np.nan).astype(np.float32)
    regridded = xr.DataArray(
        fine, dims=("time", "y", "x"), coords={"time": field["time"]}, name=name
    )
    return regridded.assign_attrs(values.attrs)


def _field(region: RegionInputs, entry: RcmVariable, label: str) -> xr.DataArray:
    """Return (time, rows, columns) in memory, days at their start, lat and lon on the grid."""
    dataset = open_file(region, entry.path)
    dataset = dataset.rename({old: new for old, new in AXES.items() if old in dataset.variables})
    if entry.variable not in dataset.data_vars:
        names = ", ".join(map(str, dataset.data_vars))
        raise UserError(f"{label} is absent: set `variable:` to one of {names}")
    field = dataset[entry.variable].squeeze(drop=True)
    grid = [str(dim) for dim in field.dims if dim != "time"]
    if "time" not in field.dims or len(grid) != 2 or not {"lat", "lon"} <= set(field.coords):
        raise UserError(
            f"{label}: dims are {field.dims}, expected time and two axes with lat and lon"
        )
    lat, lon = xr.broadcast(field["lat"], field["lon"])
    coordinates = {"lat": lat.transpose(*grid), "lon": lon.transpose(*grid)}
    located = field.transpose("time", *grid).drop_vars(["lat", "lon"]).assign_coords(coordinates)
    located = stamps.dated(located, label)
    dated = located.assign_coords(time=located["time"].dt.floor("D")).sortby("time").load()
    if dated.indexes["time"].has_duplicates:
        raise UserError(f"{label}: days occur twice: keep one of each")
    return dated
