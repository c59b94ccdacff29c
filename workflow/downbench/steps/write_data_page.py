"""Write the page of a region's data: checks, figures and sources of target and drivers."""

import argparse
import json
from collections.abc import Sequence

import matplotlib

from downbench.core import cli
from downbench.core.data_summary.region_summary import summarise
from downbench.report import page_index
from downbench.report.data_page import render
from downbench.report.data_pictures import pictures_of


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
    parser.add_argument(
        "--drivers", nargs="*", default=[], metavar="NAME=PATH", help="Zarr stores of drivers"
    )
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Summarise the stores, draw the figures, write one HTML file and link it with the others."""
    arguments = parse(argv)
    matplotlib.use("agg")
    region = json.loads(arguments.region)
    drivers = dict(cli.named_paths(arguments.drivers, "--drivers"))
    data = summarise(arguments.target, drivers, int(region["factor"]))
    text = render(data, pictures_of(data), region, json.loads(arguments.datasets))
    page_index.write(arguments.report, text)


if __name__ == "__main__":
    cli.run(main)
