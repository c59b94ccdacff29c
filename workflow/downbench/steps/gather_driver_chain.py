"""Gather all tables about the drivers that the models of one training driver are applied to."""

import argparse
from collections.abc import Iterator, Sequence

import pandas as pd

from downbench.core import cli
from downbench.core.config.region.climate_runs import Climate
from downbench.core.io.tables import read_table, write_table
from downbench.scores.climate.driver_chain import (
    BIAS_CONTRIBUTION,
    ChainPosition,
    chain_positions,
    joined,
    with_position,
)
from downbench.scores.table import COLUMNS

PARTS = {
    "climate": "score_climate",
    "change": "measure_change",
    "stations": "score_stations",
    "shift": "measure_shift",
}


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("gather_driver_chain", __doc__)
    cli.add_sections(parser, climate_runs="section 'climate' of the region")
    parser.add_argument("--trained-on", required=True, help="name of the training driver")
    for part, rule in PARTS.items():
        parser.add_argument(
            f"--{part}", nargs="*", default=[], help=f"MODEL/DRIVER=PATH of tables of {rule}"
        )
    cli.add_paths(
        parser,
        required=False,
        excess="table of measure_bias_contribution",
        warm="table of compare_warm",
    )
    cli.add_paths(parser, table="CSV to write")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Read all tables of one training driver, write one."""
    arguments = parse(argv)
    climate = Climate.model_validate_json(arguments.climate_runs)
    trained_on = arguments.trained_on
    positions = chain_positions(climate.pairs(trained_on), trained_on)
    tables = list(_tables(arguments, positions))
    if arguments.excess:
        table = read_table(arguments.excess, COLUMNS, rule="measure_bias_contribution")
        tables += _by_driver(table, positions)
    if arguments.warm:
        warm = read_table(arguments.warm, COLUMNS, rule="compare_warm")
        tables.append(
            with_position(warm, "warm", "", trained_on, positions).assign(model=warm.model)
        )
    write_table(joined(tables), arguments.table)


def _tables(
    arguments: argparse.Namespace, positions: dict[str, ChainPosition]
) -> Iterator[pd.DataFrame]:
    for part, rule in PARTS.items():
        for name, path in cli.named_paths(getattr(arguments, part), f"--{part}"):
            model, _, driver = name.partition("/")
            yield with_position(
                read_table(path, COLUMNS, rule=rule), part, model, driver, positions
            )


def _by_driver(table: pd.DataFrame, positions: dict[str, ChainPosition]) -> Iterator[pd.DataFrame]:
    """Split the table of excesses by the model and driver that its rows name."""
    for (model, driver), rows in table.groupby(["model", "driver"], sort=False):
        yield with_position(rows, BIAS_CONTRIBUTION, model, driver, positions)


if __name__ == "__main__":
    cli.run(main)
