"""Prepare one run of a regional climate model as an ensemble of one member."""

import argparse
import json
from collections.abc import Sequence

import xarray as xr

from downbench.core import cli, contract
from downbench.core.calendar import splits
from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.config.region.regional_models import Rcm
from downbench.core.consistency import report
from downbench.core.consistency.series_pair import coarse_run
from downbench.core.constants import GCM
from downbench.core.io import stores
from downbench.core.io.atomic import vacate
from downbench.sources.files import regional_model


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("prepare_rcm", __doc__)
    cli.add_sections(
        parser,
        region="section of the region, the part that data depend on",
        rcm="entry of 'rcms' of the model",
    )
    parser.add_argument("--name", required=True, help="name of the regional climate model")
    parser.add_argument("--period", required=True, choices=("historical", "future"))
    cli.add_paths(parser, target="Zarr store of the target", output="Zarr store to write")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Read the run on the grid of the target, check it, write it."""
    arguments = parse(argv)
    vacate(arguments.output)
    region = RegionInputs.model_validate_json(arguments.region)
    model = Rcm.model_validate_json(arguments.rcm)
    target = stores.read(arguments.target, "target")
    ensemble = regional_model.read(region, getattr(model, arguments.period), target)
    ensemble.attrs = {
        "model": arguments.name,
        "driver": model.driven_by,
        "period": arguments.period,
        "driver_type": GCM,
        "split": "climate",
        "fit_years": "[]",
        "seed_policy": "none: the run as it is",
        "run_years": json.dumps(_years(ensemble, region.year_start_month)),
        "region": region.name,
        "frequency": target.attrs["frequency"],
    }
    label = f"{arguments.name} ({arguments.period})"
    contract.check(ensemble, "ensemble", label=label)
    coarse = coarse_run(ensemble, target, region.factor)
    print("\n".join(report.check(coarse, target, region.factor, label, shares_days=False)))
    stores.write(ensemble, arguments.output)


def _years(run: xr.Dataset, start_month: int) -> list[int]:
    return sorted({int(year) for year in splits.year_labels(run["time"], start_month)})


if __name__ == "__main__":
    cli.run(main)
