"""Measure how far a driver is from the training driver, in distribution and on each day."""

import argparse
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core import cli
from downbench.core.calendar import splits
from downbench.core.config.region.region import RainTransform, Region
from downbench.core.errors import UserError
from downbench.core.io import stores
from downbench.core.io.netcdf import write_netcdf
from downbench.core.io.tables import write_table
from downbench.core.spatial.same_grid import require_same_grid
from downbench.core.transforms import RAIN, compress
from downbench.scores.settings import evaluation_settings
from downbench.scores.shift import coarse_days, novelty, predictor_shift
from downbench.scores.shift.coarse_days import CoarseDays


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
    training, driver = _series(arguments, region)
    physical = _pair(training, driver, region, arguments)
    compressed = predictor_shift.Pair(
        *(
            _compressed(side, region.rain_transform)
            for side in (physical.reference, physical.driver)
        )
    )
    made = predictor_shift.measure(
        physical, compressed, evaluation.shift, evaluation.bootstrap, evaluation.seed
    )
    options = (evaluation.shift.components, evaluation.shift.folds, evaluation.shift.neighbours)
    found = novelty.measure(compressed.reference, compressed.driver, *options)
    shares = novelty.shares(found.index, compressed.driver, evaluation)
    write_table(pd.concat([made, shares]), arguments.table)
    attributes = {"region": region.name, "driver": arguments.driver_name}
    days = novelty.to_dataset(driver["time"], found)
    days = days.assign_attrs(attributes, trained_on=arguments.trained_on)
    write_netcdf(days, arguments.days, compress=False)


def _series(arguments: argparse.Namespace, region: Region) -> tuple[xr.Dataset, xr.Dataset]:
    """The training driver on the days that models learned from, and the driver.

    A training driver itself is looked at in the years that no model was trained on.
    """
    training, driver = (stores.read(p, "driver") for p in (arguments.training, arguments.driver))
    require_same_grid(driver, training, f"{arguments.driver_name} and {arguments.trained_on}")
    target = stores.read(arguments.target, "target")
    known = training.sel(time=np.intersect1d(training["time"], target["time"]))
    seen = splits.select(known, region.splits, "train", region.year_start_month)
    if arguments.driver_name == arguments.trained_on:
        learned = splits.belongs(driver, region.splits, "train", region.year_start_month)
        driver = driver.isel(time=np.flatnonzero(~learned))
    return seen, driver


def _pair(
    training: xr.Dataset, driver: xr.Dataset, region: Region, arguments: argparse.Namespace
) -> predictor_shift.Pair:
    names = region.drivers[arguments.trained_on].predictors
    labelled = ((training, arguments.trained_on), (driver, arguments.driver_name))
    days = [coarse_days.read(s, names, region.year_start_month, what) for s, what in labelled]
    return predictor_shift.Pair(*coarse_days.in_common(*days, arguments.driver_name))


def _compressed(days: CoarseDays, rain: RainTransform) -> CoarseDays:
    """Rain as networks see it, so that a few wet days do not rule patterns and distances."""
    squeezed = {RAIN: compress(days.fields[RAIN], rain.kind, rain.scale_mm_day)}
    return replace(days, fields={**days.fields, **squeezed})


if __name__ == "__main__":
    cli.run(main)
