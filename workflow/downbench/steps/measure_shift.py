"""Measure how far a driver is from the training driver, in distribution and on each day."""

import argparse
from collections.abc import Sequence

import pandas as pd

from downbench.core import cli
from downbench.core.config.region.region import Region
from downbench.core.errors import UserError
from downbench.core.io import stores
from downbench.core.io.netcdf import write_netcdf
from downbench.core.io.tables import write_table
from downbench.scores.evaluation_settings import evaluation_settings
from downbench.scores.shift import novelty, predictor_shift
from downbench.scores.shift.driver_days import compressed_rain, predictor_pair, select_days


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("measure_shift", __doc__)
    cli.add_sections(parser, region="section of the region")
    parser.add_argument("--trained-on", required=True, help="name of the training driver")
    parser.add_argument("--driver-name", required=True, help="name of the driver")
    cli.add_paths(
        parser,
        target="Zarr store of the target",
        training="Zarr store of the training driver",
        driver="Zarr store of the driver",
        table="CSV to write: the tidy table",
        days="NetCDF to write: the novelty of each day",
    )
    cli.add_evaluation(parser)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Read both series, measure, write the table and the index of every day."""
    arguments = parse(argv)
    region = Region.model_validate_json(arguments.region)
    evaluation = evaluation_settings(arguments.evaluation)
    if evaluation.shift is None:
        raise UserError("--evaluation has no part 'shift': give it, as config/default.yaml does")
    names = (arguments.trained_on, arguments.driver_name)
    training, driver = select_days(
        stores.read(arguments.training, "driver", {"driver": arguments.trained_on}),
        stores.read(arguments.driver, "driver", {"driver": arguments.driver_name}),
        stores.read(arguments.target, "target"),
        names,
        region,
    )
    physical = predictor_pair(training, driver, names, region)
    compressed = compressed_rain(physical, region.rain_transform)
    shift = evaluation.shift
    distances = predictor_shift.measure(
        physical, compressed, shift, evaluation.bootstrap, evaluation.seed
    )
    of_days = novelty.measure(
        compressed.reference, compressed.driver, shift.components, shift.folds, shift.neighbours
    )
    shares = novelty.shares(of_days.index, compressed.driver, evaluation)
    write_table(pd.concat([distances, shares]), arguments.table)
    days = novelty.to_dataset(driver["time"], of_days).assign_attrs(
        region=region.name, driver=arguments.driver_name, trained_on=arguments.trained_on
    )
    write_netcdf(days, arguments.days, compress=False)


if __name__ == "__main__":
    cli.run(main)
