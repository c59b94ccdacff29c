"""Fetches public files, each verified by its size and hash."""

from collections.abc import Sequence
from pathlib import Path

from downbench.core.config.originals import Original
from downbench.sources.download.http import fetch_file
from downbench.sources.download.progress import Progress
from downbench.sources.download.retries import PAUSES


class Share(Progress):
    """One file's part in the line of all files."""

    def __init__(self, line: Progress, before: int, total: int) -> None:
        super().__init__(line.label)
        self._line, self._before, self._total = line, before, total

    def update(self, done: int, total: int | None = None) -> None:
        """Show the bytes of this file beside those before it."""
        self._line.update(self._before + done, self._total)

    def close(self) -> None:
        """Leave the line to the files that follow."""


def fetch(
    originals: Sequence[Original], url: str, folder: Path, pauses: Sequence[float] = PAUSES
) -> None:
    """Fetch what is not yet in `folder`, below it by path.

    Parameters
    ----------
    url
        Server of the paths, such as https://raw.githubusercontent.com.
    pauses
        Before the second try of a file and the further ones [s].

    Raises
    ------
    UserError
        When a file cannot be had or is another than the listed one.
    """
    unique = {original.path: original for original in originals}.values()
    if not unique:
        return
    total = sum(original.bytes for original in unique)
    line, before = Progress(f"{len(unique)} files from {url}"), 0
    for original in unique:
        fetch_file(
            f"{url}/{original.path}",
            folder / original.path,
            size=original.bytes,
            sha256=original.sha256,
            largest=original.bytes,
            pauses=pauses,
            progress=Share(line, before, total),
        )
        before += original.bytes
    line.close()
