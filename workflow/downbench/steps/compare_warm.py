"""Compare scores in warm years with scores in the test years."""

import argparse
import json
from collections.abc import Mapping, Sequence
from typing import Any

import xarray as xr

from downbench.core import cli
from downbench.core.errors import UserError
from downbench.core.io.tables import write_table
from downbench.scores.climate.warm_years import warm_rows
from downbench.scores.evaluation_settings import evaluation_settings
from downbench.scores.paired.comparison import ReferenceModels
from downbench.scores.paired.daily_files import read_daily
from downbench.scores.table import COLUMNS


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("compare_warm", __doc__)
    cli.add_sections(parser, experiment="section of the experiment")
    for split in ("test", "warm"):
        parser.add_argument(
            f"--{split}",
            nargs="+",
            required=True,
            help=f"MODEL=PATH of daily files, split {split}",
        )
    cli.add_paths(parser, table="CSV to write")
    cli.add_expected(parser, "attributes of the daily files, besides model and split")
    cli.add_evaluation(parser)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Read the daily files of all models on both splits, write one table."""
    arguments = parse(argv)
    settings = evaluation_settings(arguments.evaluation)
    test, warm = (
        _read(getattr(arguments, split), split, arguments.expected) for split in ("test", "warm")
    )
    if test.keys() != warm.keys():
        raise UserError(f"--test names {sorted(test)}, --warm {sorted(warm)}: give the same")
    members = {name: int(daily.attrs["members"]) for name, daily in warm.items()}
    experiment = json.loads(arguments.experiment)
    references = ReferenceModels(experiment["climatology_model"], experiment["reference_model"])
    rows = warm_rows(test, warm, members, references, settings)
    write_table(rows[["model", *COLUMNS]], arguments.table)


def _read(pairs: list[str], split: str, expected: Mapping[str, Any]) -> dict[str, xr.Dataset]:
    paths = dict(cli.named_paths(pairs, f"--{split}"))
    return read_daily(paths, expected and {**expected, "split": split})


if __name__ == "__main__":
    cli.run(main)
