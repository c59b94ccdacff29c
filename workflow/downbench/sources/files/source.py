"""The source `files`: regions made of NetCDF or Zarr files that the region's YAML names."""

import numpy as np
import xarray as xr

from downbench.core.config.region.files import Files
from downbench.core.config.region.region import Place
from downbench.core.errors import UserError
from downbench.core.spatial.grids import block_mean
from downbench.core.spatial.regrid import cell_area, regrid
from downbench.core.variables import VARIABLES
from downbench.sources.files import patches
from downbench.sources.files.reading import read

PERFECT = "perfect"
GRID_TOLERANCE_DEGREES = 1e-3


def target(region: Place) -> xr.Dataset:
    """The fine truth of the region: variables on (time, y, x) and static fields on (y, x).

    Raises
    ------
    UserError
        When a file, variable or unit is wrong, or the grid is not the one of `fine_shape`.
    """
    files = _section(region)
    if files.patches is not None:
        return patches.target(region)
    series = [read(region, name, entry, files.crop) for name, entry in files.target.items()]
    fine = xr.merge(series, join="inner", compat="no_conflicts")
    if fine.sizes["time"] == 0:
        raise UserError(f"{region.name}: the target variables have no time in common")
    shape = (fine.sizes["lat"], fine.sizes["lon"])
    if shape != files.fine_shape:
        raise UserError(
            f"{region.name}: files.fine_shape = {list(files.fine_shape)}, but the files give "
            f"{shape[0]} rows and {shape[1]} columns inside the crop: fix either"
        )
    masked = _masked(fine, files.least_valid_share)
    area = (
        ("lat", "lon"),
        cell_area(fine["lat"], fine["lon"]),
        {"units": VARIABLES["cell_area"].units},
    )
    whole = masked.assign(cell_area=area, **_static(region, masked))
    whole.attrs = {
        "region": region.name,
        "frequency": files.frequency,
        "accumulation_window": files.accumulation_window,
    }
    return _named(whole, "y", "x")


def driver(region: Place, name: str, target: xr.Dataset) -> xr.Dataset:
    """A coarse series of the region on (time, Y, X).

    The perfect driver is the area-weighted mean over the valid cells of each block. Any other is
    read from its files and regridded to the blocks; coarse cells that the files do not cover are
    missing.
    """
    files, coarse = _section(region), _coarse_grid(region, target)
    if region.drivers[name].type == PERFECT:
        return _block_means(region, target, coarse).assign_attrs(_attributes(region, name))
    if name not in files.drivers:
        raise UserError(
            f"{region.name}: driver '{name}' is not in files.drivers: name its variables there "
            f"(found {', '.join(files.drivers) or 'none'})"
        )
    series = []
    for variable, entry in files.drivers[name].items():
        own = read(region, variable, entry).to_dataset()
        series.append(regrid(own, coarse, entry.method, files.least_covered_share))
    merged = xr.merge(series, join="inner", compat="no_conflicts").astype("float32")
    merged.attrs = _attributes(region, name)
    _check_covered(region, name, merged)
    return _named(merged, "Y", "X")


def _attributes(region: Place, driver: str) -> dict[str, str]:
    driver_type, frequency = region.drivers[driver].type, region.files.frequency
    return {
        "region": region.name,
        "driver": driver,
        "driver_type": driver_type,
        "frequency": frequency,
    }


def _section(region: Place) -> Files:
    if region.files is None:
        raise UserError(f"{region.name}: source is 'files' but the section 'files:' is missing")
    return region.files


def _masked(fine: xr.Dataset, least_valid_share: float) -> xr.Dataset:
    """Cells valid often enough in every variable; the others are missing throughout."""
    shares = [fine[name].notnull().mean("time") for name in fine.data_vars]
    kept = xr.concat(shares, "variable").min("variable") >= max(least_valid_share, 1e-9)
    return fine.where(kept)


def _static(region: Place, fine: xr.Dataset) -> dict[str, xr.DataArray]:
    """orog [m] and land [1] on the fine grid; one that the YAML does not name is missing."""
    fields = {}
    for name in ("orog", "land"):
        entry = region.files.static.get(name)
        if entry is None:
            empty = xr.full_like(fine["lat"] * fine["lon"], np.nan, np.float32)
            fields[name] = empty.assign_attrs(units=VARIABLES[name].units)
            continue
        field = read(region, name, entry)
        try:
            fields[name] = field.sel(
                lat=fine["lat"],
                lon=fine["lon"],
                method="nearest",
                tolerance=GRID_TOLERANCE_DEGREES,
            ).assign_coords(lat=fine["lat"], lon=fine["lon"])
        except KeyError:
            raise UserError(
                f"{region.name}: {entry.path}: variable '{entry.variable}' is not on the fine "
                "grid: bring it to the target's cells first"
            ) from None
    return fields


def _named(dataset: xr.Dataset, rows: str, columns: str) -> xr.Dataset:
    """Axes by index, with lat and lon as two-dimensional coordinates."""
    lat, lon = xr.broadcast(dataset["lat"], dataset["lon"])
    indexed = dataset.rename(lat=rows, lon=columns).drop_vars([rows, columns])
    return indexed.assign_coords(
        lat=((rows, columns), lat.values, {"units": "degrees_north"}),
        lon=((rows, columns), lon.values, {"units": "degrees_east"}),
    )


def _coarse_grid(region: Place, target: xr.Dataset) -> xr.Dataset:
    """Centres of the blocks."""
    lat = target["lat"].values[:, 0].reshape(-1, region.factor).mean(axis=1)
    lon = target["lon"].values[0].reshape(-1, region.factor).mean(axis=1)
    return xr.Dataset(coords={"lat": ("lat", lat), "lon": ("lon", lon)})


def _block_means(region: Place, target: xr.Dataset, coarse: xr.Dataset) -> xr.Dataset:
    along_time = {n: c for n, c in target.coords.items() if c.dims == ("time",)}
    fields = {}
    for name in (n for n, v in target.data_vars.items() if v.dims == ("time", "y", "x")):
        means = block_mean(target[name].values, region.factor, target["cell_area"].values)
        fields[name] = (("time", "lat", "lon"), means, {"units": VARIABLES[name].units})
    return _named(xr.Dataset(fields, coords={**along_time, **coarse.coords}), "Y", "X")


def _check_covered(region: Place, name: str, driver: xr.Dataset) -> None:
    for variable, field in driver.data_vars.items():
        cells = int(field.isnull().all("time").sum())
        if cells == field[0].size or driver.sizes["time"] == 0:
            raise UserError(
                f"{region.name}: driver '{name}': {variable} covers no coarse cell of the region "
                "or has no time in common with the other variables: fix files.drivers"
            )
