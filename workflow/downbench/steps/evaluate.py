"""Score an ensemble against the target."""

import argparse
from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core import cli
from downbench.core.config.evaluation import Evaluation
from downbench.core.io import stores
from downbench.core.io.netcdf import write_netcdf
from downbench.core.io.tables import write_table
from downbench.scores import example_days
from downbench.scores.alignment import aligned
from downbench.scores.evaluation import VariableScores, score
from downbench.scores.paired import daily_scores
from downbench.scores.settings import evaluation_settings


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("evaluate", __doc__)
    cli.add_paths(
        parser,
        ensemble="Zarr store of the ensemble",
        reference="Zarr store of the target",
        scores="CSV to write: the tidy table",
    )
    cli.add_paths(
        parser,
        required=False,
        daily="NetCDF to write: headline statistics per day",
        maps="NetCDF to write: two days for the maps",
    )
    cli.add_evaluation(parser)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Read an ensemble and its reference; write the tidy table and, if wanted, two NetCDFs."""
    arguments = parse(argv)
    settings = evaluation_settings(arguments.evaluation)
    ensemble, reference = aligned(
        stores.read(arguments.ensemble, "ensemble"), stores.read(arguments.reference, "target")
    )
    scored = score(ensemble, reference, settings)
    write_table(_join(scored), arguments.scores)
    if arguments.daily:
        write_netcdf(_daily(scored, ensemble, reference), arguments.daily)
    if arguments.maps:
        write_netcdf(_maps(scored, ensemble, reference, settings), arguments.maps)


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


if __name__ == "__main__":
    cli.run(main)
