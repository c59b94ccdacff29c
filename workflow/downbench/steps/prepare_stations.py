"""Prepare the stations of a region that lie close to a valid cell of the target."""

import argparse
import sys
from collections.abc import Sequence

import numpy as np
import xarray as xr

from downbench.core import cli
from downbench.core.config.region.region import Place
from downbench.core.config.region.stations import Stations
from downbench.core.errors import UserError
from downbench.core.io import stores
from downbench.core.io.netcdf import write_netcdf
from downbench.core.masks import valid_cells
from downbench.core.spatial.regrid import edges
from downbench.scores.stations.interpolation import nearest
from downbench.sources.files import station_file
from downbench.sources.synthetic import pseudo_stations


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("prepare_stations", __doc__)
    cli.add_sections(
        parser,
        region="section of the region, the part that data depend on",
        stations="section 'stations' of the region",
    )
    cli.add_paths(parser, target="Zarr store of the target", output="NetCDF to write")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Read or sample the stations, select those inside the grid, write them."""
    arguments = parse(argv)
    region = Place.model_validate_json(arguments.region)
    options = Stations.model_validate_json(arguments.stations)
    target = stores.read(arguments.target, "target")
    if options.file:
        found = station_file.read(region, options.file)
    else:
        found = pseudo_stations.draw(target, options.drawn)
    inside = _inside(found, target, options, region.name)
    inside.attrs = {"region": region.name, "density_length_km": options.density_length_km}
    write_netcdf(inside, arguments.output)


def _inside(found: xr.Dataset, target: xr.Dataset, options: Stations, region: str) -> xr.Dataset:
    """The stations that a valid cell stands for, with the distance to its centre.

    Raises
    ------
    UserError
        Naming the stations that none stands for, unless they are to be left out.
    """
    points = (found["lat"].values, found["lon"].values)
    lat, lon = target["lat"].values, target["lon"].values
    series = [v for v in target.data_vars.values() if v.dims == ("time", "y", "x")]
    valid = np.logical_and.reduce([valid_cells(field) for field in series])
    _, distance = nearest(lat, lon, valid, points)
    kept = (distance <= options.farthest_km) & _on_grid(lat, lon, *points)
    lost = ", ".join(
        f"{name} ({north:.2f}° N, {east:.2f}° E)"
        for name, north, east in zip(found["name"].values, *points, strict=True)
        if name not in found["name"].values[kept]
    )
    if lost and options.outside == "refuse":
        raise UserError(
            f"{region}: no valid cell of the fine grid lies within {options.farthest_km:g} km of "
            f"the stations {lost}: take them out of the file, or set stations.outside to leave-out"
        )
    if not kept.any():
        raise UserError(f"{region}: no station lies in the fine grid: fix stations.file")
    if lost:
        print(f"{region}: left out, as no valid cell stands for them: {lost}", file=sys.stderr)
    placed = found.assign_coords(nearest_km=("station", distance, {"units": "km"}))
    return placed.isel(station=np.flatnonzero(kept))


def _on_grid(lat: np.ndarray, lon: np.ndarray, north: np.ndarray, east: np.ndarray) -> np.ndarray:
    """(point,) bool: inside the outer edges of the grid's cells?"""
    rows, columns = (edges(axis) for axis in (lat.mean(axis=1), lon.mean(axis=0)))
    inside = (north >= rows.min()) & (north <= rows.max())
    return inside & (east >= columns.min()) & (east <= columns.max())


if __name__ == "__main__":
    cli.run(main)
