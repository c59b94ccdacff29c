"""Prepare one driver of a region on the coarse grid."""

import argparse
from collections.abc import Sequence
from importlib import import_module

import xarray as xr

from downbench.core import cli, contract
from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.consistency import report
from downbench.core.constants import GCM, PERFECT
from downbench.core.io import stores
from downbench.core.io.atomic import vacate


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("prepare_driver", __doc__)
    cli.add_sections(parser, region="section of the region, the part that data depend on")
    parser.add_argument("--driver", required=True, help="name of the driver")
    cli.add_paths(parser, target="Zarr store of the target", output="Zarr store to write")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Ask the region's source for the driver, hold it against the target, write it."""
    arguments = parse(argv)
    vacate(arguments.output)
    region = RegionInputs.model_validate_json(arguments.region)
    source = import_module(region.module_of_driver(arguments.driver))
    target = stores.read(arguments.target, "target")
    driver = source.driver(region, arguments.driver, target)
    label = f"driver {arguments.driver} of region {region.name}"

    def verify(written: xr.Dataset) -> None:
        contract.check(written, "driver", label=label)
        kind = written.attrs["driver_type"]
        if kind != PERFECT:
            shares_days = kind != GCM
            lines = report.check(written, target, region.factor, label, shares_days=shares_days)
            print("\n".join(lines))

    stores.write(driver, arguments.output, verify)


if __name__ == "__main__":
    cli.run(main)
