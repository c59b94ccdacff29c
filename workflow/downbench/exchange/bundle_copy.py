"""Copy a bundle from elsewhere, then check the copy: nobody changes it between check and use."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from downbench.core.errors import UserError
from downbench.core.io.atomic import replacing
from downbench.exchange import bundle_files

FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
"""A link or a pipe that takes the place of a file is neither followed nor waited for."""
PIECE_BYTES = 2**24


@contextmanager
def entering(source: Path, folder: Path) -> Iterator[Path]:
    """Yield a copy of a bundle, which becomes `folder` if the block accepts it.

    Raises
    ------
    UserError
        That of the block, about `source`; or when a file of it is a link, no plain file or larger
        than bundles have.
    """
    if not source.is_dir():
        raise UserError(f"{source}: no folder: give the folder of the bundle")
    with replacing(folder) as partial:
        partial.mkdir()
        try:
            bundle_files.refuse_larger(source)
            for path in bundle_files.entries(source):
                if path.name != bundle_files.MARKER:
                    _copy(path, partial / path.name)
            yield partial
        except UserError as error:
            raise UserError(str(error).replace(str(partial), str(source))) from error


def _copy(path: Path, to: Path) -> None:
    _refuse(path, path.lstat())
    try:
        descriptor = os.open(path, FLAGS)
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}: copy the bundle again") from error
    with open(descriptor, "rb") as file, to.open("xb") as copy:
        status = os.fstat(descriptor)
        _refuse(path, status)
        left = status.st_size
        while left and (piece := file.read(min(left, PIECE_BYTES))):
            copy.write(piece)
            left -= len(piece)


def _refuse(path: Path, status: os.stat_result) -> None:
    problem = bundle_files.problem_of_file(path, status)
    if problem is None and status.st_nlink > 1:
        problem = "has another name as a hard link (`cp -r` writes files of their own)"
    if problem:
        raise UserError(f"{path}: {problem}: copy the bundle again")
