"""The perfect driver: block means of the target, whatever its source."""

from functools import partial

import numpy as np
import xarray as xr

from downbench.core import time_parts
from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.spatial.cell_corners import CORNERS, cell_corners
from downbench.core.spatial.grids import block_mean
from downbench.core.spatial.longitudes import continuous, wrapped
from downbench.core.spatial.rectilinear import is_rectilinear
from downbench.core.spatial.sphere import lat_lon, unit_vectors
from downbench.core.variables import VARIABLES


def perfect_driver(region: RegionInputs, name: str, target: xr.Dataset) -> xr.Dataset:
    """Return area-weighted means over the valid cells of each block.

    Parameters
    ----------
    region
        The region that the driver belongs to.
    name
        Name of the driver.
    target
        Variables on (time, y, x) with `cell_area` [m2], lat and lon [degrees] on (y, x).

    Returns
    -------
    xr.Dataset
        The same variables on (time, Y, X).
    """
    coarse = with_index_axes(coarse_grid(region, target), "Y", "X")
    along_time = {n: c for n, c in target.coords.items() if c.dims == ("time",)}
    fields = {}
    means_of = partial(block_mean, factor=region.factor, weights=target["cell_area"].values)
    for variable in (n for n, v in target.data_vars.items() if v.dims == ("time", "y", "x")):
        fine = target[variable].drop_attrs().assign_attrs(units=VARIABLES[variable].units)
        fine = time_parts.in_parts(fine) if time_parts.is_large([fine]) else fine
        shape = coarse["lat"].shape
        fields[variable] = time_parts.on_other_grid(fine, means_of, ("time", "Y", "X"), shape)
    means = xr.Dataset(fields, coords={**along_time, "lat": coarse["lat"], "lon": coarse["lon"]})
    return means.assign_attrs(driver_attributes(region, name, target))


def coarse_grid(region: RegionInputs, target: xr.Dataset) -> xr.Dataset:
    """Return the centres of the blocks: lat and lon [degrees].

    One-dimensional where the fine grid is rectilinear: longitudes run on beyond 180 where the
    region lies across it, and the attribute `spacing` [degrees] is the height or width of a block.
    Else on (Y, X), with the corners of the blocks, which are corners of fine cells.
    """
    lat, lon, factor = target["lat"].values, target["lon"].values, region.factor
    if is_rectilinear(lat, lon):
        axes = {"lat": lat[:, 0], "lon": continuous(lon[0])}
        return xr.Dataset(coords={n: _centres(n, axis, factor) for n, axis in axes.items()})
    centres = np.moveaxis(unit_vectors(lat, lon), -1, 0)
    centre_lat, centre_lon = lat_lon(np.moveaxis(block_mean(centres, factor), 0, -1))
    corners = lat_lon(cell_corners(target)[::factor, ::factor])
    stated = {name: (("Y_edge", "X_edge"), c) for name, c in zip(CORNERS, corners, strict=True)}
    return xr.Dataset(
        coords={"lat": (("Y", "X"), centre_lat), "lon": (("Y", "X"), centre_lon), **stated}
    )


def _centres(name: str, fine: np.ndarray, factor: int) -> tuple[str, np.ndarray, dict[str, float]]:
    spacing = factor * float(np.abs(np.diff(fine)).mean())
    return name, fine.reshape(-1, factor).mean(axis=1), {"spacing": spacing}


def driver_attributes(region: RegionInputs, name: str, target: xr.Dataset) -> dict[str, str]:
    """Return the attributes of a driver's store."""
    return {
        "region": region.name,
        "driver": name,
        "driver_type": region.drivers[name].type,
        "frequency": target.attrs["frequency"],
    }


def with_index_axes(dataset: xr.Dataset, rows: str, columns: str) -> xr.Dataset:
    """Turn the axes of the grid into `rows` and `columns`, with lat and lon on both of them."""
    lat, lon = xr.broadcast(dataset["lat"], dataset["lon"])
    bare = dataset.drop_vars(["lat", "lon"])
    axes = zip(lat.dims, (rows, columns), strict=True)
    renamed = {old: new for old, new in axes if old != new and old in bare.dims}
    return bare.rename_dims(renamed).assign_coords(
        lat=((rows, columns), lat.values, {"units": "degrees_north"}),
        lon=((rows, columns), wrapped(lon.values), {"units": "degrees_east"}),
    )
