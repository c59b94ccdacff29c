"""Write the page of a region's data: checks, figures and sources of all its series."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace

import matplotlib

from downbench.core import cli
from downbench.core.data_summary.region_summary import summarise
from downbench.core.data_summary.station_summary import STATIONS
from downbench.report import page_index
from downbench.report.data_page import render
from downbench.report.data_pictures import pictures_of
from downbench.scores.stations import station_overview

SERIES = {"drivers": "drivers", "regional-models": "runs of regional models"}


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("write_data_page", __doc__)
    cli.add_sections(parser, region="section of the region")
    parser.add_argument(
        "--datasets",
        default="{}",
        metavar="JSON",
        help="{name: row} of config/datasets.csv, of the datasets that the region may name",
    )
    cli.add_paths(parser, target="Zarr store of the target", report="HTML file to write")
    for name, meaning in SERIES.items():
        parser.add_argument(
            f"--{name}",
            nargs="*",
            default=[],
            metavar="NAME=PATH",
            help=f"Zarr stores of {meaning}",
        )
    cli.add_paths(
        parser,
        required=False,
        stations="NetCDF of stations, if the region has some",
        left_out="CSV of the stations that are left out",
    )
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Summarise the stores, draw the figures, write one HTML file and link it with the others."""
    arguments = parse(argv)
    matplotlib.use("agg")
    region = json.loads(arguments.region)
    drivers, runs = (
        dict(cli.named_paths(getattr(arguments, name.replace("-", "_")), f"--{name}"))
        for name in SERIES
    )
    data = summarise(arguments.target, drivers, int(region["factor"]), runs)
    if arguments.stations:
        files = arguments.stations, arguments.left_out, arguments.target
        stations, checks = station_overview.summarise(*files)
        data = replace(data, stations=stations, checks={**data.checks, STATIONS: checks})
    text = render(data, pictures_of(data), region, json.loads(arguments.datasets))
    page_index.write(arguments.report, text)


if __name__ == "__main__":
    cli.run(main)
