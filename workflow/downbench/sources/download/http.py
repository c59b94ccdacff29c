"""Files and short answers of web servers: resumed, verified and bounded."""

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from downbench.core.errors import UserError
from downbench.sources.download import limits, object_hash
from downbench.sources.download.content import HEAD_BYTES, Kind, require_end, require_start
from downbench.sources.download.errors import ChangedError, TemporaryError
from downbench.sources.download.partial import Partial
from downbench.sources.download.progress import Progress
from downbench.sources.download.retries import PAUSES, retried
from downbench.sources.download.session import Session, answer, public

CHUNK_BYTES = 1 << 20
LARGEST_FILE = 64 << 30
LARGEST_ANSWER = 64 << 20
"""Bounds of what is accepted [bytes]."""


@dataclass(frozen=True)
class Expected:
    """What a file must be: size [bytes], checksums (hexadecimal), kind, and the largest size."""

    size: int | None = None
    checksums: Mapping[str, str] = field(default_factory=dict)
    kind: Kind | None = None
    largest: int = LARGEST_FILE


def fetch_file(
    url: str,
    path: Path,
    *,
    headers: Mapping[str, str] | None = None,
    size: int | None = None,
    md5: str | None = None,
    sha256: str | None = None,
    kind: Kind | None = None,
    largest: int = LARGEST_FILE,
    pauses: Sequence[float] = PAUSES,
    progress: Progress | None = None,
) -> Path:
    """Fetch a file, or go on where an earlier call was stopped, and verify it.

    Bytes arrive in `path.part`; beside it stand the server's marks of the file's version, and a
    file that has changed meanwhile is begun anew.

    Parameters
    ----------
    url, path
        From where, and where to. A file at `path` is complete, and returned at once.
    headers
        Such as a key; sent to the host of `url` alone. Entries of ~/.netrc are used as well.
    size, md5, sha256
        Of the file, where the archive gives them [bytes, hexadecimal].
    kind
        What the file must be by its first bytes; None only refuses web pages.
    largest
        Larger files are refused [bytes].
    pauses
        Before the second try and the further ones [s].
    progress
        Line that shows it; default: one named like the file.

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    UserError
        When the server refuses (`StatusError`), sends a page or a message (`ContentError`) or
        something else than expected. A `TemporaryError` may pass: the next call goes on.
    """
    sums = {"md5": md5, "sha256": sha256}
    checksums = {name: value.lower() for name, value in sums.items() if value}
    expected = Expected(size, checksums, kind, largest)
    if path.exists():
        if not _difference(path, expected):
            return path
        path.unlink()
    path.parent.mkdir(parents=True, exist_ok=True)
    partial, line = Partial(path, url), progress or Progress(path.name)
    with Session(headers) as session:
        retried(lambda: _attempt(session, partial, expected, line), pauses, public(url))
    partial.finish()
    line.close()
    return path


def fetch_text(
    url: str,
    *,
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    largest: int = LARGEST_ANSWER,
    pauses: Sequence[float] = PAUSES,
) -> str:
    """Return a short answer, such as a listing; errors as of `fetch_file`."""

    def attempt() -> bytes:
        with Session(headers) as session:
            return content(session, url, largest, params)

    body = retried(attempt, pauses, public(url))
    require_start(body[:HEAD_BYTES], "text", public(url))
    return body.decode("utf-8", "replace")


def fetch_json(url: str, **arguments: Any) -> Any:
    """Return an answer in JSON; arguments as of `fetch_text`.

    Raises
    ------
    UserError
        When it is none, and as `fetch_text`.
    """
    try:
        return json.loads(fetch_text(url, **arguments))
    except ValueError:
        raise UserError(f"{public(url)} answers with something else than JSON") from None


def content(
    session: Session, url: str, largest: int, params: Mapping[str, str] | None = None
) -> bytes:
    """Return the body of one answer of at most `largest` bytes; errors as of `session.answer`."""
    with answer(session, url, params=params) as response:
        body, start = bytearray(), time.monotonic()
        longest = limits.LONGEST_ANSWER_S
        while chunk := response.raw.read1(CHUNK_BYTES, decode_content=True):
            body += chunk
            limits.require_size(len(body), largest, public(url))
            limits.require_speed(len(body), start, public(url), longest_s=longest)
        object_hash.require(bytes(body), response.headers, public(url))
        return bytes(body)


def _attempt(session: Session, partial: Partial, expected: Expected, line: Progress) -> None:
    """Transfer what is missing, and verify the file."""
    with answer(session, partial.url, partial.range_headers()) as response:
        if response.status_code == 416:
            partial.end_of_file(response)
        else:
            total = partial.begin(response)
            limits.require_size(total or 0, expected.largest, partial.label)
            _require_announced(response, total, expected, partial)
            limits.require_space(partial.file, partial.size, total)
            _transfer(response, partial, expected, line, total)
    partial.require_complete()
    try:
        _verify(partial, expected)
    except UserError:
        partial.discard()
        raise


def _verify(partial: Partial, expected: Expected) -> None:
    with partial.file.open("rb") as opened:
        require_start(opened.read(HEAD_BYTES), expected.kind, partial.label)
    require_end(partial.file, expected.kind, partial.label)
    difference = _difference(partial.file, expected)
    if difference:
        raise TemporaryError(f"{partial.label}: {difference}")


def _transfer(
    response: requests.Response,
    partial: Partial,
    expected: Expected,
    line: Progress,
    total: int | None,
) -> None:
    start, received, longest = time.monotonic(), 0, limits.LONGEST_FILE_S
    rest = None if total is None else total - partial.size
    with partial.file.open("ab") as opened:
        while chunk := response.raw.read1(_chunk(total), decode_content=False):
            if opened.tell() == 0 and len(chunk) >= HEAD_BYTES:
                require_start(chunk[:HEAD_BYTES], expected.kind, partial.label)
            opened.write(chunk)
            received += len(chunk)
            limits.require_size(opened.tell(), expected.largest, partial.label)
            line.update(opened.tell(), total)
            limits.require_speed(received, start, partial.label, longest_s=longest, total=rest)


def _chunk(total: int | None) -> int:
    """Return the bytes to write at once: little is lost of a small file that breaks off."""
    return CHUNK_BYTES if total is None else min(max(total // 100, HEAD_BYTES), CHUNK_BYTES)


def _require_announced(
    response: requests.Response, total: int | None, expected: Expected, partial: Partial
) -> None:
    """Refuse another length than that of the record; a page or a message is quoted."""
    if None not in (total, expected.size) and total != expected.size:
        partial.discard()
        if response.status_code == 200:
            require_start(response.raw.read(HEAD_BYTES), expected.kind, partial.label)
        raise ChangedError(
            f"{partial.label} has {total} bytes, the archive's record says {expected.size}: "
            "the file has changed; look for its new version"
        )


def _difference(file: Path, expected: Expected) -> str:
    """Return how a file differs from what is expected; empty if it does not."""
    size = file.stat().st_size
    if expected.size is not None and size != expected.size:
        return f"{size} bytes instead of {expected.size}"
    for name, value in expected.checksums.items():
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, name).hexdigest()
        if digest != value:
            return f"its {name} is {digest} instead of {value}"
    return ""
