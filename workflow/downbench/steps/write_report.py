"""Write the page of an experiment in one region."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from downbench.core.atomic import replacing
from downbench.core.cli import run
from downbench.plots.inputs import COLUMNS, by_model, read_table
from downbench.report.page import Source, render


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """Arguments of this step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--experiment", required=True, type=json.loads, metavar="JSON")
    parser.add_argument("--region", required=True, type=json.loads, metavar="JSON")
    parser.add_argument(
        "--run",
        default={},
        type=json.loads,
        metavar="JSON",
        help="budget, seed and further settings of the run, shown on the page",
    )
    parser.add_argument("--comparison", required=True, nargs="+", metavar="LANE=PATH")
    parser.add_argument("--figures", required=True, type=Path, metavar="FOLDER")
    parser.add_argument("--dag", required=True, type=Path)
    parser.add_argument("--report", required=True, type=Path)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Read comparisons and figures, write one HTML file."""
    arguments = parse(argv)
    comparisons = by_model(arguments.comparison, "--comparison")
    page = render(
        Source(
            experiment=arguments.experiment,
            region=arguments.region,
            comparisons={
                lane: read_table(path, COLUMNS | {"model"}) for lane, path in comparisons
            },
            figures=arguments.figures,
            dag=arguments.dag,
            run=arguments.run,
        )
    )
    with replacing(arguments.report) as beside:
        beside.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    run(main)
