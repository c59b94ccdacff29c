"""Print the BibTeX entries of the datasets that a region is made from, or of all datasets."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from downbench.core import cli
from downbench.core.config.datasets import FILE, Dataset, read_datasets
from downbench.core.config.region.region_file import datasets_of_region
from downbench.core.errors import UserError


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("cite", __doc__)
    parser.add_argument("--region", help="name in config/regions; default: all datasets")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Print one entry for each citation."""
    region, root = parse(argv).region, Path()
    rows = _of_region(region, root) if region else list(read_datasets(root).values())
    entries: dict[str, str] = {}
    for row in rows:
        entries.setdefault(row.citation or row.dataset, row.bibtex)
    print("\n".join(entries.values()))


def _of_region(region: str, root: Path) -> list[Dataset]:
    """Return the rows that a region names, and those that `downbench fetch` makes its files of."""
    named = datasets_of_region(region, root, Path("--region"))
    command = f"`downbench fetch {region}`"
    fetched = [row for row in read_datasets(root).values() if command in row.how_to_get]
    if not named and not fetched:
        raise UserError(
            f"--region: {region} names no dataset of {FILE}: its key `origins` or its generator "
            "says where it comes from"
        )
    return [*named, *fetched]


if __name__ == "__main__":
    cli.run(main)
