"""How far is a driver from the one that models were trained with, and each of its days?"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core.calendar import splits
from downbench.core.cli import run
from downbench.core.config.region.region import RainTransform, Region
from downbench.core.errors import UserError
from downbench.core.io import stores
from downbench.core.io.atomic import replacing
from downbench.core.spatial.same_grid import require_same_grid
from downbench.core.transforms import RAIN, compress
from downbench.scores.settings import evaluation_settings
from downbench.scores.shift import coarse_days, novelty, predictor_shift
from downbench.scores.shift.coarse_days import CoarseDays


def main(argv: Sequence[str] | None = None) -> None:
    """Read both series, measure, write the table and the index of every day."""
    given = _parser().parse_args(argv)
    region = Region.model_validate_json(given.region)
    evaluation = evaluation_settings(given.evaluation)
    if evaluation.shift is None:
        raise UserError("--evaluation has no part 'shift': give it, as config/default.yaml does")
    training, driver = _series(given, region)
    physical = _pair(training, driver, region, given)
    compressed = predictor_shift.DriverPair(
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
    with replacing(given.table) as beside:
        pd.concat([made, shares]).to_csv(beside, index=False, float_format="%.9g")
    attributes = {"region": region.name, "driver": given.driver_name}
    _write(
        novelty.to_dataset(driver["time"], found).assign_attrs(
            attributes, trained_on=given.trained_on
        ),
        given.days,
    )


def _series(given: argparse.Namespace, region: Region) -> tuple[xr.Dataset, xr.Dataset]:
    """The training driver on the days that models learned from, and the driver.

    A training driver itself is looked at in the years that no model was trained on.
    """
    training, driver = (stores.read(p, "driver") for p in (given.training, given.driver))
    require_same_grid(driver, training, f"{given.driver_name} and {given.trained_on}")
    target = stores.read(given.target, "target")
    known = training.sel(time=np.intersect1d(training["time"], target["time"]))
    seen = splits.select(known, region.splits, "train", region.year_start_month)
    if given.driver_name == given.trained_on:
        learned = splits.belongs(driver, region.splits, "train", region.year_start_month)
        driver = driver.isel(time=np.flatnonzero(~learned))
    return seen, driver


def _pair(
    training: xr.Dataset, driver: xr.Dataset, region: Region, given: argparse.Namespace
) -> predictor_shift.DriverPair:
    names = region.drivers[given.trained_on].predictors
    labelled = ((training, given.trained_on), (driver, given.driver_name))
    days = [coarse_days.read(s, names, region.year_start_month, what) for s, what in labelled]
    return predictor_shift.DriverPair(*coarse_days.on_common_cells(*days, given.driver_name))


def _compressed(days: CoarseDays, rain: RainTransform) -> CoarseDays:
    """Rain as networks see it, so that a few wet days do not rule patterns and distances."""
    squeezed = {RAIN: compress(days.fields[RAIN], rain.kind, rain.scale_mm_day)}
    return replace(days, fields={**days.fields, **squeezed})


def _write(days: xr.Dataset, path: Path) -> None:
    with replacing(path) as beside:
        days.drop_encoding().to_netcdf(beside, engine="netcdf4")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--region", required=True, help="the region's section as JSON")
    parser.add_argument("--evaluation", help="section 'evaluation' as JSON; else default.yaml's")
    parser.add_argument("--target", required=True, type=Path, help="Zarr store of the target")
    parser.add_argument("--trained-on", required=True, help="name of the training driver")
    parser.add_argument("--training", required=True, type=Path, help="its Zarr store")
    parser.add_argument("--driver-name", required=True, help="name of the driver")
    parser.add_argument("--driver", required=True, type=Path, help="its Zarr store")
    parser.add_argument("--table", required=True, type=Path, help="CSV to write: the tidy table")
    parser.add_argument("--days", required=True, type=Path, help="NetCDF to write: every day")
    return parser


if __name__ == "__main__":
    run(main)
