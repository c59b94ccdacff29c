"""Verify a bundle: hashes, schema, and that the model reproduces its golden outputs."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from downbench.core import cli
from downbench.core.io.atomic import replacing
from downbench.exchange import bundle


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("verify_bundle", __doc__)
    parser.add_argument("path", type=Path, help="folder of the bundle")
    cli.add_expected(parser, "keys of model.json with their values")
    parser.add_argument("--proof", type=Path, help="file to write the line to as well")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Print one line on success; a broken bundle ends in a message and exit code 2."""
    arguments = parse(argv)
    path = arguments.path
    worst = bundle.verify(path, arguments.expected)
    line = f"{path}: hashes and schema right, golden outputs within {worst:.2g} × tolerance"
    print(line)
    if arguments.proof:
        with replacing(arguments.proof) as partial:
            partial.write_text(f"{line}\n")


if __name__ == "__main__":
    cli.run(main)
