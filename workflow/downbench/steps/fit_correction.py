"""Fit the quantile mapping of a historical run towards the coarsened target."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import xarray as xr

from downbench.bias import mapping_fit
from downbench.bias.cross_fit import FULL
from downbench.core import cli
from downbench.core.config.region.quantile_mapping import QuantileMapping
from downbench.core.errors import UserError
from downbench.core.io import stores
from downbench.core.io.atomic import replacing
from downbench.core.variables import RAIN


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("fit_correction", __doc__)
    cli.add_sections(parser, correction="entry of `corrections`")
    parser.add_argument("--year-start-month", required=True, type=int, help="as in the region")
    cli.add_paths(
        parser,
        source="Zarr store of the run",
        reference="Zarr store of the reference",
        fitted="NetCDF to write",
    )
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Read both series, fit, write the quantiles; report where rain stays raw."""
    arguments = parse(argv)
    mapping = QuantileMapping.model_validate_json(arguments.correction)
    source, reference = (
        stores.read(path, "driver") for path in (arguments.source, arguments.reference)
    )
    calibration = mapping_fit.prepare(source, reference, mapping, arguments.year_start_month)
    with replacing(arguments.fitted) as partial:
        for name in mapping.variables:
            _append(calibration.fit(name), partial)


def _append(part: xr.Dataset, path: Path) -> None:
    """Write one variable's quantiles, in chunks of one row of the grid, as they are read."""
    _report(part)
    rows = {"fit": 1, "Y": 1}
    encoding = {
        name: {"chunksizes": [rows.get(str(dim), size) for dim, size in field.sizes.items()]}
        for name, field in part.data_vars.items()
    }
    mode = "a" if path.exists() else "w"
    part.to_netcdf(path, mode=mode, engine="netcdf4", encoding=encoding)


def _report(fitted: xr.Dataset) -> None:
    """Print in how many cells too few days leave values as they are; refuse a map of none."""
    for name in (str(n) for n in fitted.data_vars if str(n).endswith("_passed")):
        variable = name.removesuffix("_passed")
        by_fit = fitted[name].sum([dim for dim in fitted[name].dims if dim != "fit"])
        least = "rain.least_wet_days wet days, or least_days" if variable == RAIN else "least_days"
        cells = f"{int(by_fit[FULL])} of {fitted[name][FULL].size} cells and windows"
        text = f"{variable}: {cells} have fewer than {least} days"
        _refuse_nothing(fitted, variable, int(by_fit[FULL]), text)
        most = int(by_fit.max())
        if most:
            part = f"; in a fit of fewer years, {most}" if most > by_fit[FULL] else ""
            print(f"{text} and keep their raw values{part}")


def _refuse_nothing(fitted: xr.Dataset, variable: str, raw: int, text: str) -> None:
    """Refuse a map of one variable that would correct no value.

    Raises
    ------
    UserError
        When no cell has values of both series, or every one that has keeps its raw ones.
    """
    sides = (
        fitted[f"{variable}_{side}"][FULL].isel(quantile=0) for side in ("source", "reference")
    )
    with_values = int(sum(sides).notnull().sum())
    if not with_values:
        raise UserError(
            f"{variable}: no cell has values of the run and of the reference in the same season: "
            "check their missing cells and their months"
        )
    if raw >= with_values:
        raise UserError(
            f"{text}: nothing would be corrected: take more calibration years, a wider window, or "
            "lower these keys"
        )


if __name__ == "__main__":
    cli.run(main)
