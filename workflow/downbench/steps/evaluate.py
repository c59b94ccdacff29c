"""Scores an ensemble against the target: `python -m downbench.steps.evaluate --help`."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core.cli import run
from downbench.core.config.evaluation import Evaluation
from downbench.core.io import stores
from downbench.core.io.atomic import replacing
from downbench.scores import example_days
from downbench.scores.alignment import aligned
from downbench.scores.evaluation import VariableScores, score
from downbench.scores.paired import daily_scores
from downbench.scores.settings import evaluation_settings


def main(arguments: Sequence[str] | None = None) -> None:
    """Read an ensemble and its reference; write the tidy table and, if wanted, two NetCDFs."""
    options = _parser().parse_args(arguments)
    settings = evaluation_settings(options.evaluation)
    ensemble, reference = aligned(
        stores.read(options.ensemble, "ensemble"), stores.read(options.reference, "target")
    )
    scored = score(ensemble, reference, settings)
    with replacing(options.scores) as path:
        _join(scored).to_csv(path, index=False, float_format="%.9g")
    if options.daily:
        _write(_daily(scored, ensemble, reference), options.daily)
    if options.maps:
        _write(_maps(scored, ensemble, reference, settings), options.maps)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="evaluate", description=__doc__)
    parser.add_argument("--ensemble", type=Path, required=True, help="Zarr of the ensemble")
    parser.add_argument("--reference", type=Path, required=True, help="Zarr of the target")
    parser.add_argument("--scores", type=Path, required=True, help="CSV to write: the tidy table")
    parser.add_argument("--daily", type=Path, help="NetCDF to write: headline statistics per day")
    parser.add_argument("--maps", type=Path, help="NetCDF to write: two days for the maps")
    parser.add_argument("--evaluation", help="section 'evaluation' as JSON; else default.yaml's")
    return parser


def _join(scored: dict[str, VariableScores]) -> pd.DataFrame:
    return pd.concat([one.table for one in scored.values()], ignore_index=True)


def _daily(
    scored: dict[str, VariableScores], ensemble: xr.Dataset, reference: xr.Dataset
) -> xr.Dataset:
    statistics = {name: one.statistics for name, one in scored.items()}
    made = daily_scores.to_dataset(statistics, {name: one.context for name, one in scored.items()})
    made = made.assign_coords(_coordinates(reference, ("time", "event")))

    return made.assign_attrs(_attributes(ensemble), members=ensemble.sizes["member"])


def _maps(
    scored: dict[str, VariableScores],
    ensemble: xr.Dataset,
    reference: xr.Dataset,
    settings: Evaluation,
) -> xr.Dataset:
    leading = next(iter(scored))
    area = reference["cell_area"].values
    days = example_days.days_to_show(
        reference[leading].values, area, leading, settings.wet_day_mm_day
    )
    index = list(days.values())
    variables: dict[str, xr.Variable] = {}
    for name, one in scored.items():
        # One day at a time: fancy indexing of a lazy store may read all that lies between.
        members = np.stack([ensemble[name].isel(time=day).values for day in index])
        truth = reference[name].isel(time=index).values
        variables |= example_days.variable_maps(name, members, truth, area, one.context.factor)
    made = xr.Dataset(variables, _coordinates(reference, ("lat", "lon", "orog", "land")))
    made = made.assign_coords(
        kind=("day", list(days)), time=("day", reference["time"].values[index])
    )

    return made.assign_attrs(_attributes(ensemble))


def _coordinates(reference: xr.Dataset, names: tuple[str, ...]) -> dict[str, xr.Variable]:
    return {name: reference[name].variable for name in names if name in reference.variables}


def _attributes(ensemble: xr.Dataset) -> dict[str, str]:
    return {name: ensemble.attrs[name] for name in ("model", "driver", "split", "fit_years")}


def _write(dataset: xr.Dataset, path: Path) -> None:
    packed = {str(name): {"zlib": True} for name in dataset.data_vars}
    with replacing(path) as beside:
        dataset.drop_encoding().to_netcdf(beside, engine="netcdf4", encoding=packed)


if __name__ == "__main__":
    run(main)
