"""Checks an ensemble against physical laws: `python -m downbench.steps.check_physics --help`."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import xarray as xr

from downbench.core.cli import run
from downbench.core.config.evaluation import Evaluation
from downbench.core.config.laws import Laws
from downbench.core.errors import UserError
from downbench.core.io import stores
from downbench.core.io.atomic import replacing
from downbench.laws.check import Checked, check
from downbench.laws.summary import to_dataset
from downbench.scores.settings import evaluation_settings

ATTRIBUTES = ("model", "driver", "split", "driver_type", "fit_years")


def main(arguments: Sequence[str] | None = None) -> None:
    """Read ensemble, reference and driver; write the tidy table of laws and its NetCDF."""
    options = _parser().parse_args(arguments)
    settings = evaluation_settings(options.evaluation)
    if settings.physics is None:
        raise UserError(
            "--evaluation has no part 'physics': give the tolerances of the laws, as "
            "config/default.yaml does"
        )
    ensemble = stores.read(options.ensemble, "ensemble")
    driver = stores.read(options.driver, "driver").load()
    checked = check(ensemble, stores.read(options.reference, "target"), driver, settings)
    _tell(checked, settings.physics)
    with replacing(options.table) as path:
        checked.table.to_csv(path, index=False, float_format="%.9g")
    _write(_maps(checked, ensemble, driver, settings), options.maps)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="check_physics", description=__doc__)
    parser.add_argument("--ensemble", type=Path, required=True, help="Zarr of the ensemble")
    parser.add_argument("--reference", type=Path, required=True, help="Zarr of the target")
    parser.add_argument("--driver", type=Path, required=True, help="Zarr of its driver")
    parser.add_argument("--table", type=Path, required=True, help="CSV to write: the tidy table")
    parser.add_argument(
        "--maps", type=Path, required=True, help="NetCDF to write: days, maps and residuals"
    )
    parser.add_argument("--evaluation", help="section 'evaluation' as JSON; else default.yaml's")
    return parser


def _tell(checked: Checked, laws: Laws) -> None:
    for law in checked.not_run:
        print(f"not run: {law}")
    rates = checked.table[checked.table["metric"].str.contains("violation_rate")]
    for row in rates[
        rates["threshold"].isin([laws.headline_percent, laws.headline_k])
    ].itertuples():
        print(f"{row.variable} {row.metric}, tolerance {row.threshold:g}: {row.value:.4f}")


def _maps(
    checked: Checked, ensemble: xr.Dataset, driver: xr.Dataset, settings: Evaluation
) -> xr.Dataset:
    made = to_dataset(checked, driver, settings)
    attributes = {name: ensemble.attrs[name] for name in ATTRIBUTES if name in ensemble.attrs}

    return made.assign_attrs(
        attributes,
        members=ensemble.sizes["member"],
        headline_percent=settings.physics.headline_percent,
        headline_k=settings.physics.headline_k,
        not_run="; ".join(checked.not_run),
    )


def _write(dataset: xr.Dataset, path: Path) -> None:
    with replacing(path) as beside:
        dataset.drop_encoding().to_netcdf(beside, engine="netcdf4")


if __name__ == "__main__":
    run(main)
