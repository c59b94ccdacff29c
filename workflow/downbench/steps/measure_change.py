"""Measures climate change: `python -m downbench.steps.measure_change --help`."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import xarray as xr

from downbench.core.cli import run
from downbench.core.errors import UserError
from downbench.core.io.atomic import replacing
from downbench.scores.climate import climate_change
from downbench.scores.climate.climate_change import PeriodPair
from downbench.scores.settings import evaluation_settings
from downbench.scores.table import Sample, table

PLACES = ("lat", "lon", "orog", "land", "cell_area")


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the climates of both periods, a model's and the raw run's; write table and maps."""
    options = _parser().parse_args(arguments)
    settings = evaluation_settings(options.evaluation)
    mine = PeriodPair(_read(options.historical), _read(options.future))
    raw = None
    if options.raw_historical and options.raw_future:
        raw = PeriodPair(_read(options.raw_historical), _read(options.raw_future))
    shared = [
        v
        for v in climate_change.variables(mine)
        if raw is None or v in climate_change.variables(raw)
    ]
    if not shared:
        raise UserError(f"{options.future} and {options.raw_future}: no variable in common")
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
    with replacing(options.table) as path:
        pd.concat(tables, ignore_index=True).to_csv(path, index=False, float_format="%.9g")
    places = {name: mine.future[name].variable for name in PLACES if name in mine.future}
    made = xr.Dataset(parts).assign_coords(places).assign_attrs(mine.future.attrs)
    with replacing(options.maps) as path:
        packed = {str(name): {"zlib": True} for name in made.data_vars}
        made.to_netcdf(path, engine="netcdf4", encoding=packed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="measure_change", description=__doc__)
    fields = "NetCDF that score_climate wrote"
    parser.add_argument("--historical", type=Path, required=True, help=f"{fields}, of the past")
    parser.add_argument("--future", type=Path, required=True, help=f"{fields}, of the future")
    parser.add_argument("--raw-historical", type=Path, help="the same, raw run")
    parser.add_argument("--raw-future", type=Path, help="the same, raw run")
    parser.add_argument("--table", type=Path, required=True, help="CSV to write")
    parser.add_argument("--maps", type=Path, required=True, help="NetCDF to write")
    parser.add_argument("--evaluation", help="section 'evaluation' as JSON; else default.yaml's")
    return parser


def _read(path: Path) -> xr.Dataset:
    if not path.is_file():
        raise UserError(f"{path}: no such file; make it with the rule score_climate")
    return xr.load_dataset(path, engine="netcdf4")


if __name__ == "__main__":
    run(main)
