"""Score an ensemble against the target."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from downbench.core import cli
from downbench.core.expected_data import VARIABLES, refuse_other_dataset
from downbench.core.io import stores
from downbench.core.io.file_digest import digest
from downbench.core.io.netcdf import read_netcdf, write_netcdf
from downbench.core.io.tables import write_table
from downbench.scores import summary
from downbench.scores.alignment import aligned, common_variables
from downbench.scores.evaluation import score
from downbench.scores.evaluation_settings import evaluation_settings
from downbench.scores.log_densities import aligned_log_density
from downbench.scores.redraws import aligned_redraws
from downbench.scores.result_datasets import SCORES, daily_dataset, example_day_maps
from downbench.sources.files.scored_pair import read_pair

OF_OUTCOMES = ("driver", "split", "seed", "region", VARIABLES)
"""What is expected of other outcomes of the days, which are of no trained model."""


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("evaluate", __doc__)
    cli.add_paths(
        parser,
        ensemble="Zarr store or NetCDF file of the ensemble",
        reference="Zarr store or NetCDF file of the target",
        scores="CSV to write: the tidy table",
    )
    cli.add_paths(
        parser,
        required=False,
        daily="NetCDF to write: headline statistics per day",
        maps="NetCDF to write: two days for the maps",
        redraws="Zarr store of other outcomes of the same days, if the target's distribution is "
        "known: proper scores are means over them; trajectories, if days have a memory",
        log_density="NetCDF of the exact log density of the reference, if the model has one",
    )
    cli.add_expected(parser, "attributes of the ensemble, and its variables")
    cli.add_evaluation(parser)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Read an ensemble and its reference; write the tidy table and, if wanted, two NetCDFs."""
    arguments = parse(argv)
    expected = arguments.expected
    settings = evaluation_settings(arguments.evaluation)
    pair = read_pair(arguments.ensemble, arguments.reference, expected)
    ensemble, reference = aligned(*pair, settings.least_common_days)
    redraws, density = arguments.redraws, arguments.log_density
    redraws = redraws and _redraws(redraws, ensemble, reference, expected)
    density = density and _log_density(density, ensemble, reference, expected)
    scores = score(ensemble, reference, settings, redraws, density)
    table = pd.concat([variable.table for variable in scores.values()], ignore_index=True)
    write_table(table, arguments.scores)
    print("\n".join(summary.lines(table)))
    if arguments.daily:
        daily = daily_dataset(scores, ensemble, reference)
        write_netcdf(daily.assign_attrs({SCORES: digest(arguments.scores)}), arguments.daily)
    if arguments.maps:
        maps = example_day_maps(scores, ensemble, reference, settings)
        write_netcdf(maps, arguments.maps)


def _redraws(
    path: Path, ensemble: xr.Dataset, reference: xr.Dataset, expected: Mapping[str, Any]
) -> xr.Dataset:
    named = {key: expected[key] for key in OF_OUTCOMES if key in expected}
    names = common_variables(ensemble, reference)
    return aligned_redraws(stores.read(path, "ensemble", named), reference, names)


def _log_density(
    path: Path, ensemble: xr.Dataset, reference: xr.Dataset, expected: Mapping[str, Any]
) -> xr.Dataset:
    density = read_netcdf(path, rule="score_density")
    named = {key: value for key, value in expected.items() if key != VARIABLES}
    refuse_other_dataset(density, named, str(path))
    return aligned_log_density(density, ensemble, reference)


if __name__ == "__main__":
    cli.run(main)
