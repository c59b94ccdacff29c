"""Gather all tables about the drivers that the models of one training driver are applied to."""

import argparse
from collections.abc import Sequence

from downbench.core import cli
from downbench.core.config.region.climate_runs import Climate
from downbench.core.io.tables import read_table, write_table
from downbench.scores.climate.driver_chain import (
    BIAS_CONTRIBUTION,
    by_driver,
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
        bias_contribution="table of measure_bias_contribution",
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
    tables = []
    for part, rule in PARTS.items():
        for name, path in cli.named_paths(getattr(arguments, part), f"--{part}"):
            model, _, driver = name.partition("/")
            table = read_table(path, COLUMNS, rule=rule)
            tables.append(with_position(table, part, model, driver, positions))
    if arguments.bias_contribution:
        table = read_table(arguments.bias_contribution, COLUMNS, rule="measure_bias_contribution")
        tables += by_driver(table, BIAS_CONTRIBUTION, positions)
    if arguments.warm:
        table = read_table(arguments.warm, COLUMNS, rule="compare_warm")
        tables.append(with_position(table, "warm", table["model"], trained_on, positions))
    write_table(joined(tables), arguments.table)


if __name__ == "__main__":
    cli.run(main)
