"""Compare the models of an experiment."""

import argparse
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from downbench.core import cli
from downbench.core.errors import UserError
from downbench.core.io.netcdf import read_netcdf
from downbench.core.io.tables import read_table, write_table
from downbench.scores.evaluation_settings import evaluation_settings
from downbench.scores.paired.comparison import (
    ReferenceModels,
    common_days,
    headline,
    refuse_other_days,
    skill_rows,
)
from downbench.scores.paired.compute_costs import CostSources, cost_rows
from downbench.scores.paired.constrained_pairs import change_rows
from downbench.scores.table import COLUMNS


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("compare", __doc__)
    cli.add_sections(parser, experiment="section of the experiment")
    parser.add_argument("--scores", nargs="+", required=True, help="MODEL=PATH of score tables")
    parser.add_argument("--daily", nargs="+", required=True, help="MODEL=PATH of daily files")
    parser.add_argument(
        "--costs",
        default="{}",
        help="models whose jobs the cost of each consists of, as JSON: "
        '{MODEL: {"trainings": [MODEL, …], "samplings": [MODEL, …]}}',
    )
    parser.add_argument(
        "--physics", nargs="+", default=[], help="MODEL=PATH of tables of physical laws"
    )
    cli.add_paths(parser, benchmarks="folder of Snakemake's benchmarks", comparison="CSV to write")
    cli.add_evaluation(parser)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Read score tables and daily files of all models, write the comparison table."""
    arguments = parse(argv)
    settings = evaluation_settings(arguments.evaluation)
    paths = dict(cli.named_paths(arguments.scores, "--scores"))
    scores = {name: read_table(path) for name, path in paths.items()}
    daily = {
        name: read_netcdf(path, rule="evaluate")
        for name, path in cli.named_paths(arguments.daily, "--daily")
    }
    if scores.keys() != daily.keys():
        raise UserError(f"--scores names {sorted(scores)}, --daily {sorted(daily)}: give the same")
    members = {name: int(table["members"].max()) for name, table in scores.items()}
    references, pairs = _references(arguments.experiment)
    costs = {name: CostSources(**part) for name, part in json.loads(arguments.costs).items()}
    shared = common_days(daily)
    refuse_other_days(daily, shared)
    parts = [
        skill_rows(shared, members, references, settings),
        change_rows(shared, members, pairs, settings),
    ]
    for name, table in scores.items():
        parts.append(headline(table).assign(model=name))
        rows = cost_rows(paths[name], table, arguments.benchmarks, costs.get(name))
        parts.append(rows.assign(model=name))
    for name, path in cli.named_paths(arguments.physics, "--physics"):
        parts.append(read_table(path, rule="check_physics").assign(model=name))
    comparison = pd.concat([part for part in parts if len(part)], ignore_index=True)
    write_table(comparison[["model", *COLUMNS]], arguments.comparison)


def _references(section: str) -> tuple[ReferenceModels, list[tuple[str, str]]]:
    """Return the reference models, and the pairs of constrained and unconstrained models."""
    experiment: Mapping[str, Any] = json.loads(section)
    try:
        references = ReferenceModels(
            str(experiment["climatology_model"]), str(experiment["reference_model"])
        )
    except KeyError as error:
        raise UserError(f"--experiment lacks the key {error}: pass the whole section") from None

    pairs = experiment.get("constrained_models", ())
    return references, [(pair["model"], pair["unconstrained"]) for pair in pairs]


if __name__ == "__main__":
    cli.run(main)
