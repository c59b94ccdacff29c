"""Outputs that appear whole or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a path beside `path` to write to; rename it to `path` only when all went well.

    Works for files and folders. What stood at `path` stays untouched until the rename; what
    an earlier, killed writer left beside it is removed first. A writer that is killed between
    the two renames of a folder leaves none at `path`, never half of one.

    Raises
    ------
    FileNotFoundError
        When nothing was written to the path that was yielded.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside, aside = (path.with_name(f".{path.name}.{word}") for word in ("partial", "replaced"))
    remove(beside)
    remove(aside)
    try:
        yield beside
        _swap(beside, path, aside)
    except BaseException:
        remove(beside)
        raise


def _swap(new: Path, path: Path, aside: Path) -> None:
    """Rename `new` to `path`; a folder there goes aside first, as a rename cannot overwrite it."""
    if not _is_folder(path):
        os.replace(new, path)
        return
    os.replace(path, aside)
    try:
        os.replace(new, path)
    except BaseException:
        os.replace(aside, path)
        raise
    remove(aside)


def remove(path: Path) -> None:
    """Delete a file or a folder tree, whether or not it exists."""
    if _is_folder(path):
        shutil.rmtree(path)
    path.unlink(missing_ok=True)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
