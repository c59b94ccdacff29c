"""Measure the climate change of a model's ensembles between two periods."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from downbench.core import cli
from downbench.core.errors import UserError
from downbench.core.io.netcdf import read_netcdf, write_netcdf
from downbench.core.io.tables import write_table
from downbench.scores.climate.climate_change import (
    PeriodPair,
    change_maps,
    change_table,
    shared_variables,
)
from downbench.scores.evaluation_settings import evaluation_settings


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("measure_change", __doc__)
    fields = "NetCDF that score_climate wrote"
    cli.add_paths(
        parser,
        historical=f"{fields}, of the historical period",
        future=f"{fields}, of the future",
        table="CSV to write",
        maps="NetCDF to write",
    )
    cli.add_paths(
        parser,
        required=False,
        raw_historical=f"{fields}, of the raw run's historical period",
        raw_future=f"{fields}, of the raw run's future",
    )
    cli.add_evaluation(parser)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Read the climates of both periods, a model's and the raw run's; write table and maps."""
    arguments = parse(argv)
    settings = evaluation_settings(arguments.evaluation)
    periods = _read(arguments.historical, arguments.future)
    raw = None
    if arguments.raw_historical and arguments.raw_future:
        raw = _read(arguments.raw_historical, arguments.raw_future)
    variables = shared_variables(periods, raw)
    if not variables:
        raise UserError(
            f"{arguments.future} and {arguments.raw_future}: no variable in common; run the rule "
            "score_climate for both with the same targets"
        )
    write_table(change_table(periods, raw, variables, settings), arguments.table)
    write_netcdf(change_maps(periods, variables), arguments.maps)


def _read(historical: Path, future: Path) -> PeriodPair:
    """Read both periods, which have to be of one model."""
    periods = PeriodPair(*(read_netcdf(p, rule="score_climate") for p in (historical, future)))
    models = [
        period.attrs.get("model", "unknown") for period in (periods.historical, periods.future)
    ]
    if models[0] != models[1]:
        raise UserError(
            f"{historical} is of model '{models[0]}', {future} of '{models[1]}': run the rule "
            "score_climate again for both periods of one model"
        )
    return periods


if __name__ == "__main__":
    cli.run(main)
