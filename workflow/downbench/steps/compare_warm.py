"""Compares warm years with others: `python -m downbench.steps.compare_warm --help`."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import xarray as xr

from downbench.core.arguments import named_paths
from downbench.core.cli import run
from downbench.core.errors import UserError
from downbench.core.io.atomic import replacing
from downbench.scores.climate.warm_years import warm_rows
from downbench.scores.paired.comparison import Roles
from downbench.scores.settings import evaluation_settings
from downbench.scores.table import COLUMNS

NAMES = ("test", "warm")


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the daily files of all models on both splits, write one table."""
    options = _parser().parse_args(arguments)
    settings = evaluation_settings(options.evaluation)
    usual, warm = (_read(getattr(options, name), f"--{name}") for name in NAMES)
    if usual.keys() != warm.keys():
        raise UserError(f"--test names {sorted(usual)}, --warm {sorted(warm)}: give the same")
    members = {name: int(one.attrs["members"]) for name, one in warm.items()}
    experiment = json.loads(options.experiment)
    roles = Roles(experiment["climatology_model"], experiment["reference_model"])
    found = warm_rows(usual, warm, members, roles, settings)
    with replacing(options.table) as path:
        found[["model", *COLUMNS]].to_csv(path, index=False, float_format="%.9g")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="compare_warm", description=__doc__)
    parser.add_argument("--experiment", required=True, help="section of the experiment as JSON")
    for name in NAMES:
        parser.add_argument(
            f"--{name}", nargs="+", required=True, help=f"MODEL=PATH of daily files, split {name}"
        )
    parser.add_argument("--table", type=Path, required=True, help="CSV to write")
    parser.add_argument("--evaluation", help="section 'evaluation' as JSON; else default.yaml's")
    return parser


def _read(pairs: list[str], option: str) -> dict[str, xr.Dataset]:
    return {
        name: xr.load_dataset(path, engine="netcdf4") for name, path in named_paths(pairs, option)
    }


if __name__ == "__main__":
    run(main)
