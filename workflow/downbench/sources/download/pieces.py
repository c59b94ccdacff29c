"""Values that are fetched piece by piece, each kept in a file until all are there."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import xarray as xr

from downbench.core.io.atomic import replacing
from downbench.sources.download.progress import Progress


def joined(
    pieces: Mapping[str, Callable[[], np.ndarray]], folder: Path, progress: Progress
) -> np.ndarray:
    """Return all pieces along the first axis; those that an earlier call has kept are not fetched.

    Parameters
    ----------
    pieces
        What fetches each piece, by its name.
    folder
        Where the pieces are kept.
    progress
        Line that shows how many there are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    values = []
    for number, (name, fetch) in enumerate(pieces.items(), start=1):
        values.append(_kept(folder / f"{name}.npy", fetch))
        progress.state(f"{number} of {len(pieces)} pieces")
    progress.close()
    return np.concatenate(values)


def folder_of(work: Path, url: str, field: xr.DataArray) -> Path:
    """Return the folder for pieces of a field: another store or grid has another one."""
    grid = b"".join(field[name].values.tobytes() for name in ("lat", "lon"))
    name = f"{url} {field.name} {field.dims}"
    return work / hashlib.sha256(name.encode() + grid).hexdigest()[:16]


def _kept(file: Path, fetch: Callable[[], np.ndarray]) -> np.ndarray:
    if not file.exists():
        with replacing(file) as partial, partial.open("wb") as opened:
            np.save(opened, fetch(), allow_pickle=False)
    return np.load(file, allow_pickle=False)
