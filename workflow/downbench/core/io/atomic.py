"""Outputs that appear complete or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path next to `path`; rename it to `path` if the block succeeds.

    Works for files and folders. The old `path` stays untouched until the rename; leftovers of an
    earlier, killed writer are removed first. A writer killed between the two renames of a folder
    leaves none at `path`, never half of one.

    Raises
    ------
    FileNotFoundError
        When nothing was written to the temporary path.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    vacate(path)
    partial, aside = (path.with_name(f".{path.name}.{word}") for word in ("partial", "replaced"))
    remove(partial)
    remove(aside)
    try:
        yield partial
        _swap(partial, path, aside)
    except BaseException:
        remove(partial)
        raise


def _swap(new: Path, path: Path, aside: Path) -> None:
    """Rename `new` to `path`; an old folder moves aside first, since it cannot be overwritten."""
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


def vacate(path: Path) -> None:
    """Remove an empty folder: Snakemake makes one where a rule declares a file inside an output.

    A long step does so at its start, so that a kill leaves nothing that looks like an output.
    """
    if _is_folder(path):
        with suppress(OSError):  # it has content, or another process was faster
            path.rmdir()


def remove(path: Path) -> None:
    """Delete a file or a folder tree, whether or not it exists."""
    if _is_folder(path):
        shutil.rmtree(path)
    path.unlink(missing_ok=True)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
