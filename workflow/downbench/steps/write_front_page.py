"""Write the front page of a region: scorecard and verdicts of its experiments."""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from downbench.core import cli
from downbench.core.errors import UserError
from downbench.report import page_index
from downbench.report.front_page import render
from downbench.report.summary import ExperimentSummary


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("write_front_page", __doc__)
    cli.add_sections(parser, region="section of the region")
    parser.add_argument(
        "--run",
        default="{}",
        metavar="JSON",
        help="compute budget, seed and further settings of the run, shown on the page",
    )
    parser.add_argument(
        "--sources",
        default="{}",
        metavar="JSON",
        help="{criterion: experiment that it comes from}",
    )
    parser.add_argument(
        "--summaries", nargs="+", type=Path, required=True, help="summaries of experiments"
    )
    cli.add_paths(parser, report="HTML file to write")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Read the summaries, write one HTML file, and link it with the pages in its folder."""
    arguments = parse(argv)
    summaries, unreadable = _readable(arguments.summaries)
    text = render(
        summaries,
        json.loads(arguments.region),
        json.loads(arguments.run),
        json.loads(arguments.sources),
        unreadable,
    )
    page_index.write(arguments.report, text)


def _readable(paths: Iterable[Path]) -> tuple[list[ExperimentSummary], list[str]]:
    """Return the summaries that can be read, and the names of the other experiments.

    A summary of another version may remain from an experiment that no target asks for.

    Raises
    ------
    UserError
        When none can be read.
    """
    summaries, errors = [], {}
    for path in paths:
        try:
            summaries.append(ExperimentSummary.read(path))
        except UserError as error:
            print(f"warning: {error}", file=sys.stderr)
            errors[path.stem] = error
    if errors and not summaries:
        raise next(iter(errors.values()))
    return summaries, list(errors)


if __name__ == "__main__":
    cli.run(main)
