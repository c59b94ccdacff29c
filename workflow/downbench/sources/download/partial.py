"""The part of a file that has arrived, and the marks that show whether the rest belongs to it."""

import json
import os
import re
from pathlib import Path

import requests

from downbench.core.io.atomic import remove
from downbench.sources.download.errors import TemporaryError
from downbench.sources.download.session import public

CONTENT_RANGE = re.compile(r"bytes (?:(\d+)-\d+|\*)/(\d+|\*)")


class Partial:
    """A file that arrives in `path.part`; `path.part.json` keeps the server's marks of it.

    Parameters
    ----------
    path
        Where the complete file will stand.
    url
        Its address.
    """

    def __init__(self, path: Path, url: str) -> None:
        self.path, self.url, self.label = path, url, public(url)
        self.file = path.with_name(f"{path.name}.part")
        self.notes = path.with_name(f"{path.name}.part.json")
        self.marks = self._earlier_marks()

    @property
    def size(self) -> int:
        """Bytes that have arrived."""
        return self.file.stat().st_size if self.file.exists() else 0

    def _earlier_marks(self) -> dict[str, str | int | None]:
        try:
            marks = json.loads(self.notes.read_text())
        except (OSError, ValueError):
            marks = None
        if isinstance(marks, dict) and marks.get("label") == self.label:
            return marks
        self.discard()
        return {}

    def range_headers(self) -> dict[str, str]:
        """Return the request for the rest of the same version; empty asks for all of the file."""
        if not self.size or not (self._version() or self.marks.get("total")):
            self.discard()
            return {}
        version = self._version()
        return {"Range": f"bytes={self.size}-"} | ({"If-Range": version} if version else {})

    def _version(self) -> str | None:
        """Return a mark that RFC 9110 allows in If-Range: no weak tag."""
        tag = self.marks.get("ETag")
        return self.marks.get("Last-Modified") if not tag or str(tag).startswith("W/") else tag

    def begin(self, response: requests.Response) -> int | None:
        """Prepare for the body of an answer; return the size of the complete file, if known.

        Raises
        ------
        TemporaryError
            When the answer continues another version, or at another byte: nothing is kept.
        """
        if response.status_code == 206:
            return self._go_on(response)
        self.discard()
        length = response.headers.get("Content-Length", "")
        self.marks = {
            "label": self.label,
            "total": int(length) if length.isdigit() else None,
            "ETag": response.headers.get("ETag"),
            "Last-Modified": response.headers.get("Last-Modified"),
        }
        self.notes.write_text(json.dumps(self.marks))
        return self.marks["total"]

    def _go_on(self, response: requests.Response) -> int | None:
        start, total = _content_range(response)
        marks = [self.marks.get("total")] + [self.marks.get(n) for n in ("ETag", "Last-Modified")]
        now = [total] + [response.headers.get(n) for n in ("ETag", "Last-Modified")]
        changed = any(a != b for a, b in zip(marks, now, strict=True) if None not in (a, b))
        if changed or start != self.size or not self.marks:
            self.discard()
            raise TemporaryError(f"{self.label}: the file changed while it was fetched")
        return total

    def end_of_file(self, response: requests.Response) -> None:
        """Accept that nothing is left to send.

        Raises
        ------
        TemporaryError
            When the file has another size than what has arrived: nothing is kept.
        """
        _, total = _content_range(response)
        if total != self.size:
            self.discard()
            raise TemporaryError(f"{self.label}: the file changed while it was fetched")

    def require_complete(self) -> None:
        """Refuse what is shorter or longer than announced; a shorter file is kept.

        Raises
        ------
        TemporaryError
            Naming both sizes.
        """
        total, size = self.marks.get("total"), self.size
        if total is None or size == total:
            return
        if size > total:
            self.discard()
        raise TemporaryError(f"{self.label}: {size} of {total} bytes arrived")

    def finish(self) -> None:
        """Move the file to its path."""
        os.replace(self.file, self.path)
        remove(self.notes)

    def discard(self) -> None:
        """Delete what has arrived."""
        remove(self.file)
        remove(self.notes)
        self.marks = {}


def _content_range(response: requests.Response) -> tuple[int | None, int | None]:
    """Return the first byte and the complete size that an answer names."""
    match = CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
    numbers = match.groups() if match else (None, None)
    first, total = (int(n) if n and n.isdigit() else None for n in numbers)
    return first, total
