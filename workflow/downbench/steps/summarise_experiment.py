"""Gather what the front page shows of an experiment: verdicts and cells of the scorecard."""

import argparse
import json
from collections.abc import Sequence

from downbench.core import cli
from downbench.core.io.evidence import read_manifest
from downbench.experiments.summaries import summary_of


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("summarise_experiment", __doc__)
    cli.add_sections(
        parser,
        experiment="section of the experiment",
        region="section of the region",
        inputs="{kind: {key: path}} of the tables, or a file that holds it",
    )
    parser.add_argument(
        "--run", default="{}", metavar="JSON", help="compute budget and seed of the run"
    )
    parser.add_argument(
        "--evaluation",
        default="{}",
        metavar="JSON",
        help="section 'evaluation': its part 'physics' holds the tolerances of claims about laws",
    )
    cli.add_paths(parser, summary="JSON file to write")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Read the tables of an experiment, write its summary."""
    arguments = parse(argv)
    summary = summary_of(
        json.loads(arguments.experiment),
        json.loads(arguments.region),
        read_manifest(arguments.inputs),
        json.loads(arguments.evaluation).get("physics") or {},
        json.loads(arguments.run),
    )
    summary.write(arguments.summary)


if __name__ == "__main__":
    cli.run(main)
