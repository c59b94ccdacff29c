"""Values that are fetched piece by piece, each kept in a file until all are there."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

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
    values = []
    for number, (name, fetch) in enumerate(pieces.items(), start=1):
        values.append(_kept(folder / f"{name}.npy", fetch))
        progress.count(number, len(pieces), "chunks")
    progress.close()
    return np.concatenate(values)


def _kept(file: Path, fetch: Callable[[], np.ndarray]) -> np.ndarray:
    if not file.exists():
        with replacing(file) as partial, partial.open("wb") as opened:
            np.save(opened, fetch(), allow_pickle=False)
    return np.load(file, allow_pickle=False)
