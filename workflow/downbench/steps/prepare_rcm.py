"""Rule prepare_rcm: one run of a regional climate model as an ensemble of one member."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import xarray as xr

from downbench.core import contract
from downbench.core.calendar import splits
from downbench.core.cli import run
from downbench.core.config.region.region_data import RegionData
from downbench.core.config.region.regional_models import Rcm
from downbench.core.io import stores
from downbench.sources.files import regional_model


def main(argv: Sequence[str] | None = None) -> None:
    arguments = _parser().parse_args(argv)
    region = RegionData.model_validate_json(arguments.region)
    model = Rcm.model_validate_json(arguments.rcm)
    target = stores.read(arguments.target, "target")
    made = regional_model.read(region, getattr(model, arguments.period), target)
    made.attrs = {
        "model": arguments.name,
        "driver": model.driven_by,
        "period": arguments.period,
        "driver_type": "gcm",
        "split": "climate",
        "fit_years": "[]",
        "seed_policy": "none: the run as it is",
        "run_years": json.dumps(_years(made, region.year_start_month)),
        "region": region.name,
        "frequency": target.attrs["frequency"],
    }
    contract.check(made, "ensemble", where=f"{arguments.name} ({arguments.period})")
    stores.write(made, arguments.output)


def _years(run: xr.Dataset, start_month: int) -> list[int]:
    return sorted({int(year) for year in splits.year_labels(run["time"], start_month)})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--region", required=True, help="region section as JSON, less what no data depend on"
    )
    parser.add_argument("--rcm", required=True, help="the model's entry of 'rcms' as JSON")
    parser.add_argument("--name", required=True, help="its name")
    parser.add_argument("--period", required=True, choices=("historical", "future"))
    parser.add_argument("--target", required=True, type=Path, help="Zarr store of the target")
    parser.add_argument("--output", required=True, type=Path, help="Zarr store to write")
    return parser


if __name__ == "__main__":
    run(main)
