"""Measure what raw runs add to distances from the reference climate."""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core.arguments import named_paths
from downbench.core.cli import run
from downbench.core.config.evaluation import Evaluation
from downbench.core.config.region.climate_runs import Climate
from downbench.core.errors import UserError
from downbench.core.io.atomic import replacing
from downbench.core.stages import CORRECTED, RAW
from downbench.scores.climate.bias_contribution import DriverClimates, rows, variables
from downbench.scores.settings import evaluation_settings
from downbench.scores.table import COLUMNS, Sample, table


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the climates of all models under training driver and runs; write one table."""
    options = _parser().parse_args(arguments)
    settings = evaluation_settings(options.evaluation)
    climate = Climate.model_validate_json(options.climate_runs)
    paths = dict(named_paths(options.fields, "--fields"))
    tables = []
    for model in dict.fromkeys(name.partition("/")[0] for name in paths):
        for drivers in _drivers(climate, options.trained_on):
            names = (options.trained_on, *drivers.values())
            chain = DriverClimates(*(_read(paths, f"{model}/{name}") for name in names))
            tables += _tables(chain, options.bias_removed_percent, settings, model, drivers)
    with replacing(options.table) as path:
        found = pd.concat(tables, ignore_index=True)
        found[["model", "driver", *COLUMNS]].to_csv(path, index=False, float_format="%.9g")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="measure_bias_contribution", description=__doc__)
    parser.add_argument("--climate-runs", required=True, help="section 'climate' as JSON")
    parser.add_argument("--trained-on", required=True, help="name of the training driver")
    parser.add_argument(
        "--fields", nargs="+", required=True,
        help="MODEL/DRIVER=PATH of NetCDF that score_climate wrote: training driver and past runs",
    )  # fmt: skip
    parser.add_argument(
        "--bias-removed-percent",
        type=float,
        required=True,
        help="share that mapping is to take away",
    )
    parser.add_argument("--table", type=Path, required=True, help="CSV to write")
    parser.add_argument("--evaluation", help="section 'evaluation' as JSON; else default.yaml's")
    return parser


def _drivers(climate: Climate, trained_on: str) -> Iterator[dict[str, str]]:
    """Past driver by stage of each climate model, raw and, where there is a map, corrected."""
    for one in climate.runs.values():
        found = {RAW: one.historical}
        if trained_on in one.corrected:
            found[CORRECTED] = one.corrected[trained_on].historical
        yield found


def _read(paths: Mapping[str, Path], name: str) -> xr.Dataset:
    if name not in paths or not paths[name].is_file():
        raise UserError(f"--fields: no file of {name}; make it with the rule score_climate")
    return xr.load_dataset(paths[name], engine="netcdf4")


def _tables(
    chain: DriverClimates,
    percent: float,
    settings: Evaluation,
    model: str,
    drivers: Mapping[str, str],
) -> Iterator[pd.DataFrame]:
    sizes = chain.raw.sizes
    for name in variables(chain):
        # Replicates are widened for few years already.
        about = Sample(
            name, "all", sizes["member"], sizes["year"], np.inf, settings.bootstrap.confidence
        )
        for stage, row in rows(chain, name, percent, settings):
            yield table([row], about).assign(model=model, driver=drivers[stage])


if __name__ == "__main__":
    run(main)
