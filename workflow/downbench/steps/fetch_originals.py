"""Fetch the public files that a region's data are made from, and convert them."""

import argparse
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from downbench.core import cli
from downbench.core.config import yamls
from downbench.core.config.loading import DEFAULT, REGIONS
from downbench.core.config.originals import Original, read_originals
from downbench.core.config.region.region_file import from_here
from downbench.core.errors import UserError
from downbench.core.io.folder_lock import locked
from downbench.core.project_root import project_root
from downbench.sources.originals import conversion, fetching

URL = "https://raw.githubusercontent.com"
FOLDER = "originals"


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("fetch_originals", __doc__)
    parser.add_argument("region", help="region with public files, such as iberia")
    folder = f"folder to fill; default: data_dir of {DEFAULT}"
    parser.add_argument("--data-dir", type=Path, metavar="PATH", help=folder)
    parser.add_argument("--url", default=URL, help=f"server or mirror; default: {URL}")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Fetch and convert what the data folder lacks, and print how to go on."""
    arguments = parse(argv)
    root = project_root()
    originals = read_originals(arguments.region, root)
    origins = _origins(arguments.region, root, originals)
    folder = arguments.data_dir or from_here(yamls.read(root, DEFAULT)["data_dir"], root)
    data_dir = Path(folder).expanduser()
    _require_folder(data_dir)
    with locked(data_dir):
        absent = [row for row in originals if not (data_dir / row.file).exists()]
        fetching.fetch(absent, arguments.url.rstrip("/"), data_dir / FOLDER)
        for file, rows in groupby(absent, key=attrgetter("file")):
            _convert(list(rows), data_dir, file, origins[file])
    print(f"{data_dir} holds all files of {arguments.region}: run")
    choice = f" --config data_dir={data_dir}" if arguments.data_dir else ""
    print(f"  downbench run exp1 --region {arguments.region}{choice}")


def _origins(region: str, root: Path, originals: list[Original]) -> dict[str, str]:
    """Return where each file comes from, in words."""
    file = REGIONS / f"{region}.yaml"
    origins = yamls.read(root, file).get("origins") or {}
    for name in (row.file for row in originals if row.file not in origins):
        raise UserError(f"{file}: origins: {name} is absent: add where it comes from, in words")
    return origins


def _convert(rows: list[Original], data_dir: Path, file: str, origin: str) -> None:
    attributes = {"source": origin, "original_files": " ".join(row.path for row in rows)}
    conversion.write(rows, data_dir / FOLDER, data_dir / file, attributes)
    print(f"{data_dir / file}: {origin}", flush=True)


def _require_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder}: {error.strerror}: choose another with --data-dir") from None


if __name__ == "__main__":
    cli.run(main)
