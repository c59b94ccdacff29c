"""Compares the models of an experiment: `python -m downbench.steps.compare --help`."""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from downbench.core.arguments import named_paths
from downbench.core.cli import run
from downbench.core.errors import UserError
from downbench.core.io.atomic import replacing
from downbench.scores.paired.comparison import (
    Roles,
    common_days,
    headline,
    refuse_other_days,
    skills,
)
from downbench.scores.paired.compute_costs import cost_rows
from downbench.scores.paired.constrained_pairs import prices
from downbench.scores.settings import evaluation_settings
from downbench.scores.table import COLUMNS


def main(arguments: Sequence[str] | None = None) -> None:
    """Read score tables and daily files of all models, write the comparison table."""
    options = _parser().parse_args(arguments)
    settings = evaluation_settings(options.evaluation)
    paths = dict(named_paths(options.scores, "--scores"))
    scores = {name: pd.read_csv(_there(path)) for name, path in paths.items()}
    daily = {
        name: xr.load_dataset(_there(path), engine="netcdf4")
        for name, path in named_paths(options.daily, "--daily")
    }
    if scores.keys() != daily.keys():
        raise UserError(f"--scores names {sorted(scores)}, --daily {sorted(daily)}: give the same")
    members = {name: int(table["members"].max()) for name, table in scores.items()}
    roles, pairs = _roles(options.experiment)
    together = common_days(daily)
    refuse_other_days(daily, together)
    parts = [
        skills(together, members, roles, settings),
        prices(together, members, pairs, settings),
    ]
    for name, table in scores.items():
        parts.append(headline(table).assign(model=name))
        parts.append(cost_rows(paths[name], table, options.benchmarks).assign(model=name))
    for name, path in named_paths(options.physics, "--physics"):
        parts.append(pd.read_csv(_there(path, "check_physics")).assign(model=name))
    with replacing(options.comparison) as path:
        joined = pd.concat([part for part in parts if len(part)], ignore_index=True)
        joined[["model", *COLUMNS]].to_csv(path, index=False, float_format="%.9g")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="compare", description=__doc__)
    parser.add_argument("--experiment", required=True, help="section of the experiment as JSON")
    parser.add_argument("--scores", nargs="+", required=True, help="MODEL=PATH of score tables")
    parser.add_argument("--daily", nargs="+", required=True, help="MODEL=PATH of daily files")
    parser.add_argument(
        "--physics", nargs="+", default=[], help="MODEL=PATH of tables of physical laws"
    )
    parser.add_argument("--benchmarks", type=Path, required=True, help="Snakemake's benchmarks")
    parser.add_argument("--comparison", type=Path, required=True, help="CSV to write")
    parser.add_argument("--evaluation", help="section 'evaluation' as JSON; else default.yaml's")
    return parser


def _there(path: Path, rule: str = "evaluate") -> Path:
    if not path.is_file():
        raise UserError(f"{path}: no such file; make it with the rule {rule}")
    return path


def _roles(text: str) -> tuple[Roles, list[tuple[str, str]]]:
    """The models that others are measured against, and the pairs that tell what obeying costs."""
    experiment: Mapping[str, Any] = json.loads(text)
    try:
        roles = Roles(str(experiment["climatology_model"]), str(experiment["reference_model"]))
    except KeyError as error:
        raise UserError(f"--experiment lacks the key {error}: pass the whole section") from None

    return roles, [
        (pair["model"], pair["unconstrained"]) for pair in experiment.get("constrained_models", ())
    ]


if __name__ == "__main__":
    run(main)
