"""Fit one quantile map of a region: a historical run towards the coarsened target."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import xarray as xr

from downbench.bias import mapping_fit
from downbench.core.cli import run
from downbench.core.config.region.quantile_mapping import QuantileMapping
from downbench.core.io import stores
from downbench.core.io.atomic import replacing


def main(argv: Sequence[str] | None = None) -> None:
    """Read both series, fit, write the quantiles; say where rain stays raw."""
    given = _parser().parse_args(argv)
    mapping = QuantileMapping.model_validate_json(given.correction)
    source, reference = (stores.read(p, "driver") for p in (given.source, given.reference))
    calibration = mapping_fit.prepare(source, reference, mapping, given.year_start_month)
    with replacing(given.fitted) as beside:
        for name in mapping.variables:
            _append(calibration.fit(name), beside)


def _append(part: xr.Dataset, path: Path) -> None:
    """Write one variable's quantiles, in pieces of one row of the grid: so they are read again."""
    _report(part)
    pieces = {"fit": 1, "Y": 1}
    chunks = {
        name: [pieces.get(str(dim), size) for dim, size in field.sizes.items()]
        for name, field in part.data_vars.items()
    }
    encoding = {name: {"chunksizes": sizes} for name, sizes in chunks.items()}
    mode = "a" if path.exists() else "w"
    part.to_netcdf(path, mode=mode, engine="netcdf4", encoding=encoding)


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
    parser.add_argument("--correction", required=True, help="entry of `corrections` as JSON")
    parser.add_argument("--year-start-month", required=True, type=int, help="as in the region")
    parser.add_argument("--source", required=True, type=Path, help="Zarr store of the run")
    parser.add_argument("--reference", required=True, type=Path, help="Zarr store of the truth")
    parser.add_argument("--fitted", required=True, type=Path, help="NetCDF file to write")
    return parser


if __name__ == "__main__":
    run(main)
