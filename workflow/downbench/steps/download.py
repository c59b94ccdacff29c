"""Fetch one part of a download, check it, and write it as a NetCDF file."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from downbench.core import cli
from downbench.core.config.downloads.registry import request_of
from downbench.core.constants import PROVIDER_CODE
from downbench.core.errors import UserError
from downbench.core.io.atomic import remove, vacate
from downbench.core.io.netcdf import write_netcdf
from downbench.core.provenance import code_version
from downbench.sources.download import checking
from downbench.sources.download.errors import RefusalError, TemporaryError

PARTIAL = ".partial"
"""Ending of the folder beside the output in which an interrupted download goes on."""


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("download", __doc__)
    cli.add_sections(parser, request="section of `downloads`")
    parser.add_argument(
        "--handling", metavar="JSON", default="{}", help="its keys that change no value"
    )
    parser.add_argument("--part", required=True, help="name of the part")
    cli.add_paths(parser, output="NetCDF file to write")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Fetch into a folder that survives a kill, check, write, and remove the folder."""
    arguments = parse(argv)
    vacate(arguments.output)
    request = request_of(arguments.request, arguments.handling)
    if arguments.part not in request.parts():
        parts = ", ".join(request.parts())
        raise UserError(f"--part {arguments.part}: no part of this download: it has {parts}")
    checking.require_over(request, arguments.part)
    work = arguments.output.with_name(f"{arguments.output.name}{PARTIAL}")
    work.mkdir(parents=True, exist_ok=True)
    provider = import_module(request.module)
    with _blaming(work), closing(provider.fetch(request, arguments.part, work)) as dataset:
        attributes = {"dataset": request.dataset, "retrieved": f"{datetime.now(UTC):%Y-%m-%d}"}
        code = {PROVIDER_CODE: code_version(request.module)}
        dataset = dataset.assign_attrs(attributes | dataset.attrs | code)
        checking.require(dataset, request, arguments.part)
        write_netcdf(dataset, arguments.output)
    remove(work)


@contextmanager
def _blaming(work: Path) -> Iterator[None]:
    """Name the pieces behind a refusal: the same command would refuse them again."""
    try:
        yield
    except (TemporaryError, RefusalError):
        raise  # of the server, not of what has arrived
    except UserError as error:
        if not any(work.iterdir()):
            raise
        raise UserError(
            f"{error}\nwhat has arrived is kept; if it is what is wrong, delete {work}"
        ) from None


if __name__ == "__main__":
    cli.run(main)
