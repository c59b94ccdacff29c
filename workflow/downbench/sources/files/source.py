"""Source `files`: target and drivers read from NetCDF files or Zarr stores."""

import numpy as np
import xarray as xr

from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.config.sources.file_variable import FileVariable
from downbench.core.config.sources.files import FilesTarget
from downbench.core.constants import PERFECT
from downbench.core.errors import UserError
from downbench.core.spatial.cell_corners import cell_areas
from downbench.core.spatial.regrid import regrid
from downbench.core.time_parts import along_time
from downbench.core.variables import VARIABLES
from downbench.sources.block_means import (
    coarse_grid,
    driver_attributes,
    perfect_driver,
    with_index_axes,
)
from downbench.sources.files import common_times, curvilinear, patches, valid_share
from downbench.sources.files.frame_spacing import is_near
from downbench.sources.files.reading import label_of, read
from downbench.sources.files.rectilinear import wrapped_around
from downbench.sources.files.same_cells import on_cells_of, require_shared_cells
from downbench.sources.files.valid_share import without_counts


def target(region: RegionInputs) -> xr.Dataset:
    """Return the target: variables on (time, y, x) and static fields on (y, x).

    Raises
    ------
    UserError
        When a file, variable or unit is wrong, or the grid is not the one of `fine_shape`.
    """
    options = region.target
    if options.patches is not None:
        return patches.target(region)
    fine = _merged(region, options)
    _check_target(region.name, options, fine)
    masked = valid_share.masked(fine, options.least_valid_share, region.name)
    dataset = masked.assign(cell_area=_cell_area(region, fine), **_static(region, masked))
    dataset.attrs = {
        "region": region.name,
        "frequency": options.frequency,
        "accumulation_window": options.accumulation_window,
    }
    return with_index_axes(dataset, "y", "x")


def driver(region: RegionInputs, name: str, target: xr.Dataset) -> xr.Dataset:
    """Return a coarse series of the region on (time, Y, X).

    The perfect driver is the area-weighted mean over the valid cells of each block. Any other is
    read from its files and regridded to the blocks; coarse cells that the files do not cover are
    missing.
    """
    options = region.driver(name)
    if options.type == PERFECT:
        return perfect_driver(region, name, target)
    coarse = coarse_grid(region, target)
    series = {}
    for variable, entry in options.variables.items():
        field = without_counts(read(region, variable, entry, near=coarse)).to_dataset()
        covered = options.least_covered_share
        series[variable] = regrid(field, coarse, entry.method, covered, options.regridder)
    merged = common_times.merged(series, f"{region.name}: variables of driver {name}:")
    merged = merged.astype("float32").assign_attrs(driver_attributes(region, name, target))
    _check_covered(region, name, merged)
    return with_index_axes(merged, "Y", "X")


def _merged(region: RegionInputs, options: FilesTarget) -> xr.Dataset:
    """Return all variables on their common cells and times."""
    part = options.first_cell or options.crop
    series = {n: read(region, n, entry, part) for n, entry in options.variables.items()}
    first = next(iter(series.values()))
    for name, field in series.items():
        label = f"{region.name}: target variables {first.name} and {name}"
        on_cells = _on_fine_cells(region, options.variables[name], field, first)
        if first["lat"].ndim == 1:
            require_shared_cells(on_cells, first, label)
        series[name] = on_cells
    return common_times.merged(series, f"{region.name}: target variables")


def _check_target(region: str, options: FilesTarget, fine: xr.Dataset) -> None:
    shape = xr.broadcast(fine["lat"], fine["lon"])[0].shape
    if shape != options.fine_shape:
        raise UserError(
            f"{region}: target.fine_shape = {list(options.fine_shape)}, but the files give "
            f"{shape[0]} rows and {shape[1]} columns inside the crop: fix either"
        )


def _cell_area(region: RegionInputs, fine: xr.Dataset) -> xr.DataArray:
    area = cell_areas(fine)
    spacing_km = float(np.sqrt(area.mean())) / 1000.0
    if not is_near(spacing_km, region.resolution_km):
        print(
            f"{region.name}: cells of the target are {spacing_km:.3g} km wide, but resolution_km "
            f"= {region.resolution_km:g}: correct it, pages show it"
        )
    grid = fine[region.targets[0]].dims[1:]
    return xr.DataArray(area, dims=grid, attrs={"units": VARIABLES["cell_area"].units})


def _static(region: RegionInputs, fine: xr.Dataset) -> dict[str, xr.DataArray]:
    """Return orog [m] and land [1] on the fine grid; a field that is not listed is missing."""
    fields = {}
    for name in ("orog", "land"):
        entry = region.target.static.get(name)
        if entry is None:
            empty = xr.full_like(fine["lat"] * fine["lon"], np.nan, np.float32)
            fields[name] = empty.assign_attrs(units=VARIABLES[name].units)
            continue
        fields[name] = _static_field(region, name, entry, fine)
    return fields


def _static_field(
    region: RegionInputs, name: str, entry: FileVariable, fine: xr.Dataset
) -> xr.DataArray:
    around = fine.coords.to_dataset()[["lat", "lon"]] if fine["lat"].ndim == 1 else None
    near = _on_fine_cells(region, entry, read(region, name, entry, near=around), fine)
    if fine["lat"].ndim == 2:
        return near
    try:
        return near.sel(lat=fine["lat"], lon=fine["lon"])
    except KeyError:
        raise UserError(
            f"{label_of(region, entry)} is not on the fine grid: regrid it to the target's cells "
            "first"
        ) from None


def _on_fine_cells(
    region: RegionInputs, entry: FileVariable, field: xr.DataArray, fine: xr.DataArray | xr.Dataset
) -> xr.DataArray:
    """Give cells of the fine grid exactly its coordinates."""
    if field["lat"].ndim != fine["lat"].ndim:
        raise UserError(
            f"{label_of(region, entry)} is on another kind of grid than the other variables of "
            "the target, lat and lon have one dim or two: bring all to one grid"
        )
    if fine["lat"].ndim == 2:
        return curvilinear.at_cells_of(field, fine, label_of(region, entry))
    return on_cells_of(wrapped_around(field, fine["lon"].values), fine)


def _check_covered(region: RegionInputs, name: str, driver: xr.Dataset) -> None:
    for variable, field in driver.data_vars.items():
        if not any(bool(part.notnull().any()) for part in along_time(field)):
            raise UserError(
                f"{region.name}: driver '{name}': {variable} covers no coarse cell of the region "
                f"or has no time in common with the other variables: fix drivers.{name}.variables"
            )
