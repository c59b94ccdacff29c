"""Write the page of an experiment in one region."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import xarray as xr

from downbench.core.cli import named_paths, run
from downbench.core.io.atomic import replacing
from downbench.plots.inputs import COLUMNS, read_table
from downbench.report import page_index
from downbench.report.page import Source, render
from downbench.scores.climate.driver_chain import CHAIN_COLUMNS


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
    parser.add_argument(
        "--evaluation",
        default={},
        type=json.loads,
        metavar="JSON",
        help="section 'evaluation', whose part 'physics' an experiment about laws is judged by",
    )
    parser.add_argument("--comparison", required=True, nargs="+", metavar="TRAINED_ON=PATH")
    parser.add_argument(
        "--physics",
        nargs="*",
        default=[],
        metavar="TRAINED_ON=PATH",
        help="what check_physics found of one model: it names the laws that could not be run",
    )
    parser.add_argument(
        "--transfer",
        nargs="*",
        default=[],
        metavar="TRAINED_ON=PATH",
        help="what gather_driver_chain found, where the experiment asks about climate models",
    )
    parser.add_argument("--figures", required=True, type=Path, metavar="FOLDER")
    parser.add_argument("--dag", required=True, type=Path)
    parser.add_argument("--report", required=True, type=Path)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Read comparisons and figures, write one HTML file, and name it in those beside it."""
    arguments = parse(argv)
    comparisons = named_paths(arguments.comparison, "--comparison")
    page = render(
        Source(
            experiment=arguments.experiment,
            region=arguments.region,
            comparisons={
                trained_on: read_table(path, COLUMNS | {"model"})
                for trained_on, path in comparisons
            },
            figures=arguments.figures,
            dag=arguments.dag,
            run=arguments.run,
            laws=arguments.evaluation.get("physics") or {},
            transfers={
                trained_on: read_table(path, frozenset(CHAIN_COLUMNS))
                for trained_on, path in named_paths(arguments.transfer, "--transfer")
            },
            not_run={
                trained_on: _not_run(path)
                for trained_on, path in named_paths(arguments.physics, "--physics")
            },
        )
    )
    arguments.report.parent.mkdir(parents=True, exist_ok=True)
    with page_index.one_at_a_time(arguments.report.parent):
        with replacing(arguments.report) as beside:
            beside.write_text(page, encoding="utf-8")
        page_index.link(arguments.report.parent)


def _not_run(path: Path) -> tuple[str, ...]:
    """Sentences about the laws that a region's fields do not allow."""
    with xr.open_dataset(path, engine="netcdf4") as found:
        return tuple(filter(None, found.attrs["not_run"].split("; ")))


if __name__ == "__main__":
    run(main)
