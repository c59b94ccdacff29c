"""Gathers what is known of a transfer: `python -m downbench.steps.gather_driver_chain --help`."""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from downbench.core.arguments import named_paths
from downbench.core.cli import run
from downbench.core.config.region.climate_runs import Climate
from downbench.core.io.atomic import replacing
from downbench.plots.inputs import read_table
from downbench.scores.climate.driver_chain import (
    BIAS_CONTRIBUTION,
    ChainPosition,
    chain_positions,
    joined,
    with_position,
)

PARTS = ("climate", "change", "stations", "shift")


def main(arguments: Sequence[str] | None = None) -> None:
    """Read all tables of one training driver, write one."""
    options = _parser().parse_args(arguments)
    climate = Climate.model_validate_json(options.climate_runs)
    known = chain_positions(climate.pairs(options.trained_on), options.trained_on)
    tables = list(_tables(options, known))
    if options.excess:
        tables += _of_drivers(read_table(options.excess), known)
    if options.warm:
        warm = read_table(options.warm)
        tables.append(
            with_position(warm, "warm", "", options.trained_on, known).assign(model=warm.model)
        )
    with replacing(options.table) as path:
        joined(tables).to_csv(path, index=False, float_format="%.9g")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gather_driver_chain", description=__doc__)
    parser.add_argument("--climate-runs", required=True, help="section 'climate' as JSON")
    parser.add_argument("--trained-on", required=True, help="name of the training driver")
    for part in PARTS:
        parser.add_argument(
            f"--{part}", nargs="*", default=[], help=f"MODEL/DRIVER=PATH of part {part}"
        )
    parser.add_argument("--excess", type=Path, help="table of what raw runs add")
    parser.add_argument("--warm", type=Path, help="table of warm years")
    parser.add_argument("--table", type=Path, required=True, help="CSV to write")
    return parser


def _tables(
    options: argparse.Namespace, known: dict[str, ChainPosition]
) -> Iterator[pd.DataFrame]:
    for part in PARTS:
        for name, path in named_paths(getattr(options, part), f"--{part}"):
            model, _, driver = name.partition("/")
            yield with_position(read_table(path), part, model, driver, known)


def _of_drivers(table: pd.DataFrame, known: dict[str, ChainPosition]) -> Iterator[pd.DataFrame]:
    """The table of excesses, by the model and driver that its rows name."""
    for (model, driver), rows in table.groupby(["model", "driver"], sort=False):
        yield with_position(rows, BIAS_CONTRIBUTION, model, driver, known)


if __name__ == "__main__":
    run(main)
