"""The perfect driver: block means of the target, whatever its source."""

import numpy as np
import xarray as xr

from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.spatial.grids import block_mean
from downbench.core.spatial.longitudes import continuous, wrapped
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
    centres = coarse_grid(region, target)
    along_time = {n: c for n, c in target.coords.items() if c.dims == ("time",)}
    fields = {}
    for variable in (n for n, v in target.data_vars.items() if v.dims == ("time", "y", "x")):
        area = target["cell_area"].values
        means = block_mean(target[variable].values, region.factor, area)
        fields[variable] = (("time", "lat", "lon"), means, {"units": VARIABLES[variable].units})
    means = with_index_axes(xr.Dataset(fields, coords={**along_time, **centres.coords}), "Y", "X")
    return means.assign_attrs(driver_attributes(region, name, target))


def coarse_grid(region: RegionInputs, target: xr.Dataset) -> xr.Dataset:
    """Return the centres of the blocks, one-dimensional lat and lon [degrees].

    Longitudes run on beyond 180 where the region lies across it. The attribute `spacing`
    [degrees] is the height or width of a block.
    """
    lat, lon = target["lat"].values[:, 0], continuous(target["lon"].values[0])
    return xr.Dataset(
        coords={
            "lat": _centres("lat", lat, region.factor),
            "lon": _centres("lon", lon, region.factor),
        }
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
    """Turn axes lat and lon into `rows` and `columns`, with lat and lon on both of them."""
    lat, lon = xr.broadcast(dataset["lat"], dataset["lon"])
    indexed = dataset.rename(lat=rows, lon=columns).drop_vars([rows, columns])
    return indexed.assign_coords(
        lat=((rows, columns), lat.values, {"units": "degrees_north"}),
        lon=((rows, columns), wrapped(lon.values), {"units": "degrees_east"}),
    )
