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
    an earlier, killed writer left beside it is removed first.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.partial")
    remove(beside)
    try:
        yield beside
        remove_if_folder(path)
        os.replace(beside, path)
    except BaseException:
        remove(beside)
        raise


def remove(path: Path) -> None:
    """Delete a file or a folder tree, whether or not it exists."""
    remove_if_folder(path)
    path.unlink(missing_ok=True)


def remove_if_folder(path: Path) -> None:
    """Delete `path` when it is a folder: `os.replace` cannot overwrite one."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
