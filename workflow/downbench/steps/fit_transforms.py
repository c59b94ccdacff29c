"""Fit the statistics of one region and training driver, on training years only."""

import argparse
from collections.abc import Sequence

from downbench.core import cli, transforms
from downbench.core.calendar import split_days, splits
from downbench.core.config.region.region import Region
from downbench.core.io import stores
from downbench.labs.base import common_times


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("fit_transforms", __doc__)
    cli.add_sections(parser, region="section of the region")
    cli.add_paths(
        parser,
        target="Zarr store of the target",
        driver="Zarr store of the training driver",
        transforms="JSON file to write",
    )
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Read target and driver, hold the splits against them, fit, write transforms.json."""
    arguments = parse(argv)
    region = Region.model_validate_json(arguments.region)
    series = stores.read(arguments.target, "target"), stores.read(arguments.driver, "driver")
    years = region.splits, region.year_start_month
    split_days.require(*series, *years, region.name)
    for label in split_days.short_years(series[0], *years):
        print(f"{region.name}: few days of {label}")
    target, driver = (
        splits.select(dataset, region.splits, "train", region.year_start_month)
        for dataset in common_times(*series)
    )
    fitted = transforms.fit(
        target,
        driver,
        region=region.name,
        factor=region.factor,
        fit_years=split_days.present(target, region.splits, "train", region.year_start_month),
        names=region.drivers[arguments.driver.stem].predictors,
        rain_kind=region.rain_transform.kind,
        rain_scale_mm_day=region.rain_transform.scale_mm_day,
    )
    transforms.write(fitted, arguments.transforms)


if __name__ == "__main__":
    cli.run(main)
