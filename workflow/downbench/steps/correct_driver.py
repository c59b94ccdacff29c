"""Correct the bias of one run of a climate model with a fitted quantile mapping."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import xarray as xr

from downbench.bias import mapping_apply
from downbench.core import cli, contract
from downbench.core.config.region.quantile_mapping import QuantileMapping
from downbench.core.errors import UserError
from downbench.core.io import stores
from downbench.core.io.atomic import vacate


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("correct_driver", __doc__)
    cli.add_sections(parser, correction="entry of `corrections`")
    parser.add_argument("--driver-name", required=True, help="name of the raw run")
    cli.add_paths(
        parser,
        fitted="NetCDF that fit_correction wrote",
        driver="Zarr store of the raw run",
        output="Zarr store to write",
    )
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Read run and fit, correct, check, write; report the variables that stay raw."""
    arguments = parse(argv)
    vacate(arguments.output)
    mapping = QuantileMapping.model_validate_json(arguments.correction)
    driver = stores.read(arguments.driver, "driver")
    fitted = _open(arguments.fitted)
    corrected = mapping_apply.apply(driver, fitted, mapping, arguments.driver_name)
    raw = sorted(set(map(str, driver.data_vars)) - set(mapping.variables))
    if raw:
        print(f"not corrected, as they were in {arguments.driver_name}: {', '.join(raw)}")
    contract.check(corrected, "driver", label=str(arguments.output))
    stores.write(corrected.assign_attrs(driver=arguments.output.stem), arguments.output)


def _open(path: Path) -> xr.Dataset:
    """Open the quantiles lazily: the fit of a long run is larger than memory should hold."""
    try:
        return xr.open_dataset(path, engine="netcdf4")
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: no usable fit ({error}): run fit_correction again") from error


if __name__ == "__main__":
    cli.run(main)
