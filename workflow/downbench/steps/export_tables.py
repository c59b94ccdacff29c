"""Write the generated tables of docs/methods/ from metrics and laws, or check them."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from downbench.core import cli
from downbench.core.errors import UserError
from downbench.core.io.atomic import replacing
from downbench.report.documentation import PAGES, with_tables


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("export_tables", __doc__)
    parser.add_argument("--folder", type=Path, default=Path("docs"), help="default: docs")
    parser.add_argument("--check", action="store_true", help="write nothing, fail on a difference")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Write the tables.

    Raises
    ------
    UserError
        With `--check`, when a table differs from what the code describes.
    """
    arguments = parse(argv)
    for name in PAGES:
        path = arguments.folder / name
        page = path.read_text(encoding="utf-8")
        text = with_tables(page)
        if arguments.check and text != page:
            raise UserError(f"{path}: a table differs from the code: run `make docs-tables`")
        if text != page:
            with replacing(path) as partial:
                partial.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    cli.run(main)
