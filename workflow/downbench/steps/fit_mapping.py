"""Fit one quantile map of a region: a historical run towards the coarsened target."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import xarray as xr

from downbench.bias import mapping_fit
from downbench.core import stores
from downbench.core.atomic import replacing
from downbench.core.cli import run
from downbench.core.config.mapping import QuantileMapping


def main(argv: Sequence[str] | None = None) -> None:
    """Read both series, fit, write the quantiles; say where rain stays raw."""
    given = _parser().parse_args(argv)
    mapping = QuantileMapping.model_validate_json(given.mapping)
    source, reference = (stores.read(p, "driver") for p in (given.source, given.reference))
    fitted = mapping_fit.fit(source, reference, mapping, given.year_start_month)
    _report(fitted)
    packed = {str(name): {"zlib": True, "complevel": 1} for name in fitted.data_vars}
    with replacing(given.fitted) as beside:
        fitted.to_netcdf(beside, engine="netcdf4", encoding=packed)


def _report(fitted: xr.Dataset) -> None:
    """How often too few wet days leave rain as it is."""
    for name in (n for n in fitted.data_vars if str(n).endswith("_passed")):
        full = fitted[name].isel(fit=0)
        raw, all_of_them = int(full.sum()), full.size
        if raw:
            print(
                f"{str(name).removesuffix('_passed')}: {raw} of {all_of_them} cells and windows "
                "have fewer than rain.least_wet_days wet days and keep their raw values"
            )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mapping", required=True, help="entry of `mappings` as JSON")
    parser.add_argument("--year-start-month", required=True, type=int, help="as in the region")
    parser.add_argument("--source", required=True, type=Path, help="Zarr store of the run")
    parser.add_argument("--reference", required=True, type=Path, help="Zarr store of the truth")
    parser.add_argument("--fitted", required=True, type=Path, help="NetCDF file to write")
    return parser


if __name__ == "__main__":
    run(main)
