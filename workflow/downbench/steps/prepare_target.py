"""Prepare the target of a region: the fine data on their own grid."""

import argparse
from collections.abc import Sequence
from importlib import import_module

import xarray as xr

from downbench.core import cli, contract
from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.consistency import static_fields
from downbench.core.io import stores
from downbench.core.io.atomic import vacate


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("prepare_target", __doc__)
    cli.add_sections(parser, region="section of the region, the part that data depend on")
    cli.add_paths(parser, target="Zarr store to write")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Ask the region's source for the target, check it, write it."""
    arguments = parse(argv)
    vacate(arguments.target)
    region = RegionInputs.model_validate_json(arguments.region)
    source = import_module(region.target.module)
    target = source.target(region).assign_attrs(
        year_start_month=region.year_start_month, factor=region.factor
    )
    label = f"the target of region {region.name}"

    def verify(written: xr.Dataset) -> None:
        contract.check(written, "target", label=label)
        static_fields.check(written, label)

    stores.write(target, arguments.target, verify)


if __name__ == "__main__":
    cli.run(main)
