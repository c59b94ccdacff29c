"""Measure the climate change of a model's ensembles between two periods."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import xarray as xr

from downbench.core import cli
from downbench.core.errors import UserError
from downbench.core.io.netcdf import read_netcdf, write_netcdf
from downbench.core.io.tables import write_table
from downbench.scores.climate import climate_change
from downbench.scores.climate.climate_change import PeriodPair
from downbench.scores.settings import evaluation_settings
from downbench.scores.table import Sample, table

PLACES = ("lat", "lon", "orog", "land", "cell_area")


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
    mine = PeriodPair(_read(arguments.historical), _read(arguments.future))
    raw = None
    if arguments.raw_historical and arguments.raw_future:
        raw = PeriodPair(_read(arguments.raw_historical), _read(arguments.raw_future))
    shared = [
        v
        for v in climate_change.variables(mine)
        if raw is None or v in climate_change.variables(raw)
    ]
    if not shared:
        raise UserError(f"{arguments.future} and {arguments.raw_future}: no variable in common")
    fewest = min(mine.historical.sizes["year"], mine.future.sizes["year"])
    tables, parts = [], {}
    for name in shared:
        about = Sample(
            name,
            "all",
            mine.future.sizes["member"],
            mine.future.sizes["year"],
            fewest,
            settings.bootstrap.confidence,
        )
        tables.append(table(climate_change.rows(mine, raw, name, settings), about))
        parts |= climate_change.maps(mine, name)
    write_table(pd.concat(tables, ignore_index=True), arguments.table)
    places = {name: mine.future[name].variable for name in PLACES if name in mine.future}
    made = xr.Dataset(parts).assign_coords(places).assign_attrs(mine.future.attrs)
    write_netcdf(made, arguments.maps)


def _read(path: Path) -> xr.Dataset:
    return read_netcdf(path, rule="score_climate")


if __name__ == "__main__":
    cli.run(main)
