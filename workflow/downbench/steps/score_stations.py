"""Score an ensemble, and the gridded target, against measurements at stations."""

import argparse
from collections.abc import Sequence

import xarray as xr

from downbench.core import cli
from downbench.core.calendar import splits
from downbench.core.config.region.region import Region
from downbench.core.io import stores
from downbench.core.io.netcdf import read_netcdf, write_netcdf
from downbench.core.io.tables import write_table
from downbench.core.variables import TEMPERATURES
from downbench.scores.evaluation_settings import evaluation_settings
from downbench.scores.stations import lapse_rate
from downbench.scores.stations.lapse_rate import LapseRate
from downbench.scores.stations.station_scores import score

ATTRIBUTES = ("model", "driver", "split", "driver_type", "fit_years")


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("score_stations", __doc__)
    cli.add_sections(parser, region="section of the region")
    cli.add_paths(
        parser,
        ensemble="Zarr store of the ensemble",
        stations="NetCDF that prepare_stations wrote",
        target="Zarr store of the target",
        table="CSV to write",
        places="NetCDF to write: values of each station",
    )
    cli.add_expected(parser, "attributes of the ensemble, and its variables")
    cli.add_evaluation(parser)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Read ensemble, target and stations; write the table and the values of each station."""
    arguments = parse(argv)
    region = Region.model_validate_json(arguments.region)
    target = stores.read(arguments.target, "target", arguments.expected)
    ensemble = stores.read(arguments.ensemble, "ensemble", arguments.expected)
    stations = read_netcdf(arguments.stations, rule="prepare_stations")
    rates = _rates(target, stations, region)
    settings = evaluation_settings(arguments.evaluation)
    table, per_station = score(ensemble, stations, target, rates, settings)
    per_station.attrs = {n: ensemble.attrs[n] for n in ATTRIBUTES if n in ensemble.attrs}
    per_station.attrs |= stations.attrs | {"members": ensemble.sizes["member"]}
    write_table(table, arguments.table)
    write_netcdf(per_station, arguments.places, compress=False)


def _rates(target: xr.Dataset, stations: xr.Dataset, region: Region) -> dict[str, LapseRate]:
    """Lapse rates of the measured temperatures, fitted on the target in the training years."""
    measured = [name for name in TEMPERATURES if name in stations and name in target.data_vars]
    if not measured:
        return {}
    training = splits.select(target, region.splits, "train", region.year_start_month)
    return {name: lapse_rate.fit_grid(training, name) for name in measured}


if __name__ == "__main__":
    cli.run(main)
