"""Measure what the bias of raw runs adds to distances from the reference climate."""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd
import xarray as xr

from downbench.core import cli
from downbench.core.config.region.climate_runs import Climate
from downbench.core.errors import UserError
from downbench.core.expected_data import refuse_other_dataset
from downbench.core.io.netcdf import read_netcdf
from downbench.core.io.tables import write_table
from downbench.core.stages import CORRECTED, RAW
from downbench.scores.climate.bias_contribution import DriverClimates, contribution_tables
from downbench.scores.evaluation_settings import evaluation_settings
from downbench.scores.table import COLUMNS


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("measure_bias_contribution", __doc__)
    cli.add_sections(parser, climate_runs="section 'climate' of the region")
    parser.add_argument("--trained-on", required=True, help="name of the training driver")
    parser.add_argument(
        "--fields", nargs="+", required=True,
        help="MODEL/DRIVER=PATH of NetCDF of score_climate: training driver and historical runs",
    )  # fmt: skip
    parser.add_argument(
        "--bias-removed-percent",
        type=float,
        required=True,
        help="share of the added bias that the correction should remove",
    )
    cli.add_paths(parser, table="CSV to write")
    cli.add_evaluation(parser)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Read the climates of all models under training driver and runs; write one table."""
    arguments = parse(argv)
    settings = evaluation_settings(arguments.evaluation)
    climate = Climate.model_validate_json(arguments.climate_runs)
    paths = dict(cli.named_paths(arguments.fields, "--fields"))
    tables = []
    for model in dict.fromkeys(name.partition("/")[0] for name in paths):
        for drivers in _drivers(climate, arguments.trained_on):
            names = (arguments.trained_on, *drivers.values())
            climates = DriverClimates(*(_read(paths, f"{model}/{name}") for name in names))
            percent = arguments.bias_removed_percent
            tables += contribution_tables(climates, model, drivers, percent, settings)
    joined = pd.concat(tables, ignore_index=True)
    write_table(joined[["model", "driver", *COLUMNS]], arguments.table)


def _drivers(climate: Climate, trained_on: str) -> Iterator[dict[str, str]]:
    """Yield the historical driver by stage of each climate model: raw and, if any, corrected."""
    for run in climate.runs.values():
        drivers = {RAW: run.historical}
        if trained_on in run.corrected:
            drivers[CORRECTED] = run.corrected[trained_on].historical
        yield drivers


def _read(paths: Mapping[str, Path], name: str) -> xr.Dataset:
    if name not in paths:
        raise UserError(f"--fields: no file of {name}; make it with the rule score_climate")
    fields = read_netcdf(paths[name], rule="score_climate")
    model, _, driver = name.partition("/")
    named = {"model": model, "driver": driver}
    present = {key: value for key, value in named.items() if key in fields.attrs}
    refuse_other_dataset(fields, present, str(paths[name]), "climate")
    return fields


if __name__ == "__main__":
    cli.run(main)
