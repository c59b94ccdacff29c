"""Rule prepare_target: the fine data of a region, as its source makes them."""

import argparse
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from downbench.core import contract
from downbench.core.cli import run
from downbench.core.config.region.region_data import RegionData
from downbench.core.io import stores


def main(argv: Sequence[str] | None = None) -> None:
    arguments = _parser().parse_args(argv)
    region = RegionData.model_validate_json(arguments.region)
    source = import_module(region.target.module)
    target = source.target(region).assign_attrs(
        year_start_month=region.year_start_month, factor=region.factor
    )
    contract.check(target, "target", where=f"the target of region {region.name}")
    stores.write(target, arguments.target)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--region", required=True, help="region section as JSON, less what no data depend on"
    )
    parser.add_argument("--target", required=True, type=Path, help="Zarr store to write")
    return parser


if __name__ == "__main__":
    run(main)
