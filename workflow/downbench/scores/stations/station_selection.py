"""Selection of the stations that a valid cell of the fine grid represents."""

import sys

import numpy as np
import xarray as xr

from downbench.core.config.region.stations import Stations
from downbench.core.errors import UserError
from downbench.core.spatial.grids import valid_cells
from downbench.core.spatial.outline import is_inside
from downbench.scores.stations.interpolation import nearest


def select_stations(
    stations: xr.Dataset, target: xr.Dataset, options: Stations, region: str
) -> xr.Dataset:
    """Return the stations near a valid cell, with the distance `nearest_km` to its centre.

    Parameters
    ----------
    stations : (station, time)
        With `lat`, `lon` [degrees] and `name`.
    target : (time, y, x)
        Fine grid and its values.
    options
        Section `stations`: largest distance, and whether stations outside stop the step.
    region
        Name of the region, for messages.

    Raises
    ------
    UserError
        Naming the stations without such a cell, unless they are to be left out.
    """
    points = (stations["lat"].values, stations["lon"].values)
    lat, lon = target["lat"].values, target["lon"].values
    series = [v for v in target.data_vars.values() if v.dims == ("time", "y", "x")]
    valid = np.logical_and.reduce([valid_cells(field) for field in series])
    _, distance = nearest(lat, lon, valid, points)
    inside = (distance <= options.farthest_km) & is_inside(target, points)
    _check(stations, inside, options, region)
    located = stations.assign_coords(nearest_km=("station", distance, {"units": "km"}))
    return located.isel(station=np.flatnonzero(inside))


def _check(stations: xr.Dataset, inside: np.ndarray, options: Stations, region: str) -> None:
    outside = _description(stations, inside)
    if outside and options.outside == "refuse":
        raise UserError(
            f"{region}: no valid cell of the fine grid lies within {options.farthest_km:g} km of "
            f"the stations {outside}: take them out of the file, or set stations.outside to "
            "leave-out"
        )
    if not inside.any():
        raise UserError(f"{region}: no station lies in the fine grid: fix stations.file")
    if outside:
        print(f"{region}: left out, no valid cell represents them: {outside}", file=sys.stderr)


def _description(stations: xr.Dataset, inside: np.ndarray) -> str:
    """Return names and coordinates of the stations outside."""
    names = stations["name"].values
    rows = zip(names, stations["lat"].values, stations["lon"].values, strict=True)
    return ", ".join(
        f"{name} ({north:.2f}° N, {east:.2f}° E)"
        for name, north, east in rows
        if name not in names[inside]
    )
