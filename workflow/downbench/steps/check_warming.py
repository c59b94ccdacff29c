"""Heavy rain over warming between two periods of one model: `… steps.check_warming --help`."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from downbench.core.cli import run
from downbench.core.errors import UserError
from downbench.core.io import stores
from downbench.core.io.atomic import replacing
from downbench.laws.warming import check, make_run
from downbench.scores.settings import evaluation_settings


def main(arguments: Sequence[str] | None = None) -> None:
    """Read two ensembles, their drivers and the target; write rates and warming as a table."""
    given = _parser().parse_args(arguments)
    settings = evaluation_settings(given.evaluation)
    if settings.physics is None:
        raise UserError(
            "--evaluation has no part 'physics': give the options of the laws, as "
            "config/default.yaml does"
        )
    target = stores.read(given.reference, "target")
    days = settings.bootstrap.block_days
    runs = [
        make_run(stores.read(members, "ensemble"), stores.read(driver, "driver"), days)
        for members, driver in (
            (given.earlier, given.earlier_driver),
            (given.later, given.later_driver),
        )
    ]
    made = check(runs[0], runs[1], target, settings)
    for row in made.itertuples():
        print(
            f"{row.metric} {row.threshold:g}: {row.value:.2f} [{row.lower:.2f}, {row.upper:.2f}]"
        )
    with replacing(given.table) as path:
        made.to_csv(path, index=False, float_format="%.9g")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="check_warming", description=__doc__)
    for name in ("earlier", "later"):
        parser.add_argument(
            f"--{name}", type=Path, required=True, help=f"Zarr of the {name} ensemble"
        )
        parser.add_argument(
            f"--{name}-driver", type=Path, required=True, help="Zarr of its driver"
        )
    parser.add_argument("--reference", type=Path, required=True, help="Zarr of the target")
    parser.add_argument("--table", type=Path, required=True, help="CSV to write")
    parser.add_argument("--evaluation", help="section 'evaluation' as JSON; else default.yaml's")
    return parser


if __name__ == "__main__":
    run(main)
