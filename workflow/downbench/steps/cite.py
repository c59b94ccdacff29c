"""Print the BibTeX entries of the datasets that a region is made from, or of all datasets."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from downbench.core import cli
from downbench.core.config.datasets import read_datasets
from downbench.core.config.loading import load


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("cite", __doc__)
    parser.add_argument("--region", help="name in config/regions; default: all datasets")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Print one entry for each citation."""
    region, root = parse(argv).region, Path()
    rows = load({"region": region}, root).datasets if region else read_datasets(root).values()
    entries: dict[str, str] = {}
    for row in rows:
        entries.setdefault(row.citation or row.dataset, row.bibtex)
    print("\n".join(entries.values()))


if __name__ == "__main__":
    cli.run(main)
