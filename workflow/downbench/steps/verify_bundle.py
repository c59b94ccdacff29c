"""Check a bundle: hashes, schema, and that its golden outputs come out again."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from downbench.core.cli import run
from downbench.core.io.atomic import replacing
from downbench.exchange import bundle


def main(arguments: Sequence[str] | None = None) -> None:
    """Print one line on success; a broken bundle ends in a message and exit code 2."""
    parser = argparse.ArgumentParser(prog="verify_bundle", description=__doc__)
    parser.add_argument("path", type=Path, help="folder of the bundle")
    parser.add_argument("--proof", type=Path, help="file to write the line to as well")
    given = parser.parse_args(arguments)
    worst = bundle.verify(given.path)
    line = f"{given.path}: hashes and schema right, golden outputs within {worst:.2g} × tolerance"
    print(line)
    if given.proof:
        with replacing(given.proof) as beside:
            beside.write_text(f"{line}\n")


if __name__ == "__main__":
    run(main)
