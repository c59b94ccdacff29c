"""Remove the lock of a killed run, and end the steps that outlived it: `make unlock`.

Nothing is done while a run is at work in the folder, or if the jobs of the killed run are on a
cluster or on another host.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from downbench.core import cli
from downbench.dag import stale_runs


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = cli.parser("unlock", __doc__)
    parser.add_argument(
        "--folder", type=Path, default=Path(), metavar="PATH", help="folder of the run; default: ."
    )
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Unlock the folder and print what was done."""
    ended, locks = stale_runs.unlock(parse(argv).folder.resolve())
    print(f"ended {len(ended)} processes of a killed run, removed {len(locks)} lock files")


if __name__ == "__main__":
    cli.run(main)
