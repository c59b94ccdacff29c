"""Check a bundle: hashes, schema, and that its golden outputs come out again."""

import argparse
from pathlib import Path

from downbench.core.cli import run
from downbench.exchange import bundle


def main() -> None:
    """Print one line on success; a broken bundle ends in a message and exit code 2."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path, help="folder of the bundle")
    given = parser.parse_args()
    worst = bundle.verify(given.path)
    print(f"{given.path}: hashes and schema right, golden outputs within {worst:.2g} × tolerance")


if __name__ == "__main__":
    run(main)
