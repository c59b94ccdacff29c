"""Propose a selection of CMIP6 stores from the public catalogues, and check the frozen one.

The proposal is printed in the form of config/cmip6.csv, after what the catalogues say against rows
of that file.
"""

import argparse
import csv
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from downbench.core import cli
from downbench.core.config.cmip6_selection import FILE, Cmip6Store, read_selection
from downbench.core.errors import UserError
from downbench.sources.download import cmip6_catalogue
from downbench.sources.download.cmip6_catalogue import CATALOGUES, RETRACTED


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("list_cmip6", __doc__)
    lists = {
        "models": "models; default: those of the frozen selection",
        "experiments": "experiments that a model must have",
        "variables": "daily variables that each experiment must have, by their names in CMIP6",
        "catalogues": "addresses of catalogues of stores",
    }
    defaults = {
        "experiments": ["historical", "ssp245", "ssp585"],
        "variables": ["pr", "tasmax"],
        "catalogues": list(CATALOGUES),
    }
    for name, text in lists.items():
        parser.add_argument(f"--{name}", nargs="+", default=defaults.get(name), help=text)
    parser.add_argument("--retracted", default=RETRACTED, help="catalogue of retracted stores")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Read the catalogues, report on the frozen selection, and print the proposal."""
    arguments = parse(argv)
    frozen = read_selection()
    models = arguments.models or sorted({row.model for row in frozen})
    every = sorted({*models, *(row.model for row in frozen)})
    listed, retracted = _tables(arguments, every)
    problems = cmip6_catalogue.problems(frozen, listed, retracted)
    for problem in problems:
        print(f"{FILE}: {problem}", file=sys.stderr)
    chosen = listed[listed["model"].isin(models)]
    rows = cmip6_catalogue.proposal(chosen, retracted, arguments.experiments, arguments.variables)
    _print(rows)
    left_out = sorted(set(models) - {row.model for row in rows})
    if left_out:
        print(f"no run with all of it: {', '.join(left_out)}", file=sys.stderr)
    if any("is retracted" in problem for problem in problems):
        raise UserError(f"{FILE} holds retracted stores: replace these rows")


def _tables(
    arguments: argparse.Namespace, models: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    with tempfile.TemporaryDirectory() as folder:
        addresses = [*arguments.catalogues, arguments.retracted]
        *listed, retracted = (
            cmip6_catalogue.read(url, models, Path(folder) / str(number))
            for number, url in enumerate(addresses)
        )
    return pd.concat(listed, ignore_index=True), retracted


def _print(rows: Sequence[Cmip6Store]) -> None:
    writer = csv.DictWriter(sys.stdout, list(Cmip6Store.model_fields), lineterminator="\n")
    writer.writeheader()
    writer.writerows(row.model_dump() for row in rows)


if __name__ == "__main__":
    cli.run(main)
