"""Correct one run of a climate model by a fitted quantile map."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import xarray as xr

from downbench.bias import mapping_apply
from downbench.core import contract
from downbench.core.cli import run
from downbench.core.config.region.quantile_mapping import QuantileMapping
from downbench.core.errors import UserError
from downbench.core.io import stores


def main(argv: Sequence[str] | None = None) -> None:
    """Read run and fit, map, check, write; say what stays raw."""
    given = _parser().parse_args(argv)
    mapping = QuantileMapping.model_validate_json(given.correction)
    driver = stores.read(given.driver, "driver")
    corrected = mapping_apply.apply(driver, _fitted(given.fitted), mapping, given.driver_name)
    raw = sorted(set(map(str, driver.data_vars)) - set(mapping.variables))
    if raw:
        print(f"not corrected, as they were in {given.driver_name}: {', '.join(raw)}")
    contract.check(corrected, "driver", where=str(given.output))
    stores.write(corrected, given.output)


def _fitted(path: Path) -> xr.Dataset:
    try:
        return xr.open_dataset(path, engine="netcdf4")
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: no usable fit ({error}): run fit_correction again") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--correction", required=True, help="entry of `corrections` as JSON")
    parser.add_argument("--fitted", required=True, type=Path, help="what fit_correction wrote")
    parser.add_argument("--driver", required=True, type=Path, help="Zarr store of the raw run")
    parser.add_argument("--driver-name", required=True, help="name of the raw run")
    parser.add_argument("--output", required=True, type=Path, help="Zarr store to write")
    return parser


if __name__ == "__main__":
    run(main)
