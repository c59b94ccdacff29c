"""Rule prepare_driver: one coarse series of a region, as its source makes it."""

import argparse
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from downbench.core import contract
from downbench.core.calendar import lag
from downbench.core.cli import run
from downbench.core.config.region.region_data import RegionData
from downbench.core.io import stores


def main(argv: Sequence[str] | None = None) -> None:
    arguments = _parser().parse_args(argv)
    region = RegionData.model_validate_json(arguments.region)
    source = import_module(region.module_of_driver(arguments.driver))
    target = stores.read(arguments.target, "target")
    driver = source.driver(region, arguments.driver, target)
    contract.check(driver, "driver", where=f"driver {arguments.driver} of region {region.name}")
    if driver.attrs["driver_type"] == "reanalysis":
        lag.check(driver, target, region.factor, arguments.driver)
    stores.write(driver, arguments.output)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--region", required=True, help="region section as JSON, less what no data depend on"
    )
    parser.add_argument("--driver", required=True, help="name of the driver")
    parser.add_argument("--target", required=True, type=Path, help="Zarr store of the target")
    parser.add_argument("--output", required=True, type=Path, help="Zarr store to write")
    return parser


if __name__ == "__main__":
    run(main)
