"""Score an ensemble against the target."""

import argparse
from collections.abc import Sequence

import pandas as pd

from downbench.core import cli
from downbench.core.io import stores
from downbench.core.io.netcdf import read_netcdf, write_netcdf
from downbench.core.io.tables import digest, write_table
from downbench.scores.alignment import aligned, common_variables
from downbench.scores.evaluation import score
from downbench.scores.evaluation_settings import evaluation_settings
from downbench.scores.log_densities import aligned_log_density
from downbench.scores.redraws import aligned_redraws
from downbench.scores.result_datasets import SCORES, daily_dataset, example_day_maps


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
    ensemble, reference = aligned(
        stores.read(arguments.ensemble, "ensemble", expected),
        stores.read(arguments.reference, "target", expected),
        settings.least_common_days,
    )
    redraws = None
    if arguments.redraws:
        names = common_variables(ensemble, reference)
        redraws = aligned_redraws(stores.read(arguments.redraws, "ensemble"), reference, names)
    density = None
    if arguments.log_density:
        density = read_netcdf(arguments.log_density, rule="score_density")
        density = aligned_log_density(density, ensemble, reference)
    scores = score(ensemble, reference, settings, redraws, density)
    table = pd.concat([variable.table for variable in scores.values()], ignore_index=True)
    write_table(table, arguments.scores)
    if arguments.daily:
        daily = daily_dataset(scores, ensemble, reference)
        write_netcdf(daily.assign_attrs({SCORES: digest(arguments.scores)}), arguments.daily)
    if arguments.maps:
        maps = example_day_maps(scores, ensemble, reference, settings)
        write_netcdf(maps, arguments.maps)


if __name__ == "__main__":
    cli.run(main)
