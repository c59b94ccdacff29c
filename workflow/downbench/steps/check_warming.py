"""Measure how heavy rain grows with warming between two periods of one model."""

import argparse
from collections.abc import Sequence

from downbench.core import cli
from downbench.core.errors import UserError
from downbench.core.io import stores
from downbench.core.io.tables import write_table
from downbench.laws.warming import check, make_run
from downbench.scores.evaluation_settings import evaluation_settings


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("check_warming", __doc__)
    cli.add_paths(
        parser,
        earlier="Zarr store of the ensemble of the earlier period",
        earlier_driver="Zarr store of its driver",
        later="Zarr store of the ensemble of the later period",
        later_driver="Zarr store of its driver",
        reference="Zarr store of the target",
        table="CSV to write",
    )
    cli.add_expected(parser, "attributes of both ensembles by period (earlier, later)")
    cli.add_evaluation(parser)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Read two ensembles, their drivers and the target; write rates and warming as a table."""
    arguments = parse(argv)
    settings = evaluation_settings(arguments.evaluation)
    if settings.physics is None:
        raise UserError(
            "--evaluation has no part 'physics': give the options of the laws, as "
            "config/default.yaml does"
        )
    target = stores.read(arguments.reference, "target")
    days = settings.bootstrap.block_days
    periods = {
        "earlier": (arguments.earlier, arguments.earlier_driver),
        "later": (arguments.later, arguments.later_driver),
    }
    earlier, later = (
        make_run(
            stores.read(ensemble, "ensemble", arguments.expected.get(period)),
            stores.read(driver, "driver", arguments.expected.get(period)),
            days,
        )
        for period, (ensemble, driver) in periods.items()
    )
    table = check(earlier, later, target, settings)
    for row in table.itertuples():
        print(
            f"{row.metric} {row.threshold:g}: {row.value:.2f} [{row.lower:.2f}, {row.upper:.2f}]"
        )
    write_table(table, arguments.table)


if __name__ == "__main__":
    cli.run(main)
