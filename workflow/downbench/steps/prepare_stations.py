"""Prepare the stations of a region that lie close to a valid cell of the target."""

import argparse
from collections.abc import Sequence

from downbench.core import cli
from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.config.region.stations import Stations
from downbench.core.io import stores
from downbench.core.io.netcdf import write_digest, write_netcdf
from downbench.core.io.tables import write_table
from downbench.scores.stations import station_consistency, stations_left_out
from downbench.scores.stations.station_selection import select_stations
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
    cli.add_paths(
        parser,
        target="Zarr store of the target",
        output="NetCDF to write",
        left_out="CSV to write: the stations that are left out, with the reason",
    )
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Read or sample the stations, select those that a cell represents, check, write them."""
    arguments = parse(argv)
    region = RegionInputs.model_validate_json(arguments.region)
    options = Stations.model_validate_json(arguments.stations)
    target = stores.read(arguments.target, "target")
    if options.file:
        stations = station_file.read(region, options.file)
    else:
        stations = pseudo_stations.sample(target, options.synthetic)
    measured = station_consistency.with_values(stations, target, region.name)
    selected = select_stations(measured, target, options, region.name)
    print("\n".join(station_consistency.check(selected, target, region.name)))
    selected.attrs = {"region": region.name, "density_length_km": options.density_length_km}
    left_out = stations_left_out.table(stations, measured, selected, options.farthest_km)
    write_table(left_out, arguments.left_out)
    write_netcdf(selected, arguments.output)
    write_digest(arguments.output)


if __name__ == "__main__":
    cli.run(main)
