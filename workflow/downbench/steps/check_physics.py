"""Check an ensemble against physical laws."""

import argparse
from collections.abc import Sequence

import xarray as xr

from downbench.core import cli
from downbench.core.config.evaluation import Evaluation
from downbench.core.config.physics_checks import PhysicsChecks
from downbench.core.errors import UserError
from downbench.core.io import stores
from downbench.core.io.netcdf import write_netcdf
from downbench.core.io.tables import write_table
from downbench.laws.check import CheckResult, check
from downbench.laws.summary import to_dataset
from downbench.scores.evaluation_settings import evaluation_settings

ATTRIBUTES = ("model", "driver", "split", "driver_type", "fit_years")


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("check_physics", __doc__)
    cli.add_paths(
        parser,
        ensemble="Zarr store of the ensemble",
        reference="Zarr store of the target",
        driver="Zarr store of its driver",
        table="CSV to write: the tidy table",
        maps="NetCDF to write: days, maps and residuals",
    )
    cli.add_expected(parser, "attributes of the ensemble, and its variables")
    cli.add_evaluation(parser)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Read ensemble, reference and driver; write the tidy table of laws and its NetCDF."""
    arguments = parse(argv)
    settings = evaluation_settings(arguments.evaluation)
    if settings.physics is None:
        raise UserError(
            "--evaluation has no part 'physics': give the tolerances of the laws, as "
            "config/default.yaml does"
        )
    ensemble = stores.read(arguments.ensemble, "ensemble", arguments.expected)
    driver = stores.read(arguments.driver, "driver", arguments.expected).load()
    target = stores.read(arguments.reference, "target", arguments.expected)
    checked = check(ensemble, target, driver, settings)
    _report(checked, settings.physics)
    write_table(checked.table, arguments.table)
    maps = _maps(checked, ensemble, driver, settings)
    write_netcdf(maps, arguments.maps, compress=False)


def _report(checked: CheckResult, checks: PhysicsChecks) -> None:
    """Print the violation rates at the tolerances that the page shows."""
    for law in checked.not_run:
        print(f"not run: {law}")
    rates = checked.table[checked.table["metric"].str.contains("violation_rate")]
    for row in rates[
        rates["threshold"].isin([checks.headline_percent, checks.headline_k])
    ].itertuples():
        print(f"{row.variable} {row.metric}, tolerance {row.threshold:g}: {row.value:.4f}")


def _maps(
    checked: CheckResult, ensemble: xr.Dataset, driver: xr.Dataset, settings: Evaluation
) -> xr.Dataset:
    attributes = {name: ensemble.attrs[name] for name in ATTRIBUTES if name in ensemble.attrs}

    return to_dataset(checked, driver, settings).assign_attrs(
        attributes,
        members=ensemble.sizes["member"],
        headline_percent=settings.physics.headline_percent,
        headline_k=settings.physics.headline_k,
        not_run="; ".join(checked.not_run),
    )


if __name__ == "__main__":
    cli.run(main)
