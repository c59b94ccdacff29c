"""Fit the statistics of one region and training driver, on training years alone."""

import argparse
from pathlib import Path

from downbench.core import transforms
from downbench.core.calendar import splits
from downbench.core.cli import run
from downbench.core.config.region.region import Region
from downbench.core.io import stores
from downbench.labs.base import common_times


def main() -> None:
    """Read target and driver, fit, write transforms.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--region", required=True, help="the region's section as JSON")
    parser.add_argument("--target", required=True, type=Path)
    parser.add_argument("--driver", required=True, type=Path)
    parser.add_argument("--transforms", required=True, type=Path, help="file to write")
    given = parser.parse_args()
    region = Region.model_validate_json(given.region)
    target, driver = common_times(
        stores.read(given.target, "target"), stores.read(given.driver, "driver")
    )
    fitted = transforms.fit(
        splits.select(target, region.splits, "train", region.year_start_month),
        splits.select(driver, region.splits, "train", region.year_start_month),
        region=region.name,
        factor=region.factor,
        fit_years=region.splits.train,
        names=region.drivers[given.driver.stem].predictors,
        rain_kind=region.rain_transform.kind,
        rain_scale_mm_day=region.rain_transform.scale_mm_day,
    )
    transforms.write(fitted, given.transforms)


if __name__ == "__main__":
    run(main)
