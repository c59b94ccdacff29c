"""Write the page of an experiment in one region."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from downbench.core import cli
from downbench.core.io.evidence import read_manifest
from downbench.experiments.page_sections import page_of
from downbench.report import page_index
from downbench.report.chart_library import ChartLibrary
from downbench.report.page import render


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("write_report", __doc__)
    cli.add_sections(
        parser,
        experiment="section of the experiment",
        region="section of the region",
        inputs="{kind: {key: path}} of the files to show, or a file that holds it",
    )
    parser.add_argument(
        "--run",
        default="{}",
        metavar="JSON",
        help="compute budget, seed and further settings of the run, shown on the page",
    )
    parser.add_argument(
        "--evaluation",
        default="{}",
        metavar="JSON",
        help="section 'evaluation': its part 'physics' holds the tolerances of claims about laws",
    )
    parser.add_argument(
        "--chart-library",
        type=Path,
        metavar="FOLDER",
        help="folder with vega, vega-lite and vega-embed; without it the page has no interactive "
        "chart",
    )
    cli.add_paths(parser, report="HTML file to write")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Read tables and figures, write one HTML file, and link it with the pages in its folder."""
    arguments = parse(argv)
    page = page_of(
        json.loads(arguments.experiment),
        json.loads(arguments.region),
        read_manifest(arguments.inputs),
        json.loads(arguments.evaluation).get("physics") or {},
        json.loads(arguments.run),
    )
    page_index.write(arguments.report, render(page, ChartLibrary.read(arguments.chart_library)))


if __name__ == "__main__":
    cli.run(main)
