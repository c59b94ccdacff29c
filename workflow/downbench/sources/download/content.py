"""Whether bytes are the data that they are meant to be, and not a page or a message."""

import html
import re
import zipfile
from pathlib import Path
from typing import Literal

from downbench.core.errors import UserError
from downbench.sources.download.errors import ContentError, TemporaryError

Kind = Literal["netcdf", "zip", "gzip", "grib", "text"]
HEAD_BYTES = 2048
STARTS = {
    "netcdf": (b"CDF\x01", b"CDF\x02", b"CDF\x05", b"\x89HDF\r\n\x1a\n"),
    "zip": (b"PK\x03\x04",),
    "gzip": (b"\x1f\x8b",),
    "grib": (b"GRIB",),
}
TEXT = re.compile(rb"[\t\r\n\x20-\x7e\x80-\xff]*")
PAGE = re.compile(rb"\s*(<\?xml[^>]*>\s*)?<(!doctype\s+html|html|head|body)", re.IGNORECASE)
HIDDEN = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>?", re.IGNORECASE | re.DOTALL)
SHOWN = 300


def require_start(head: bytes, kind: Kind | None, label: str) -> None:
    """Refuse a file by its first bytes.

    Parameters
    ----------
    head
        The first bytes, `HEAD_BYTES` or all of a shorter file.
    kind
        What the file must be; None only refuses web pages.
    label
        Address, for messages.

    Raises
    ------
    ContentError
        When the bytes are a web page or text: with their words.
    UserError
        When they are anything else.
    """
    if PAGE.match(head):
        raise ContentError(f"{label} answers with a web page: {words(head)}", words(head))
    if kind in (None, "text") or head.startswith(STARTS[kind]):
        return
    if head and TEXT.fullmatch(head):
        raise ContentError(f"{label} answers with a message: {words(head)}", words(head))
    raise UserError(f"{label} is no {kind} file (it begins with {head[:8].hex()}): report it")


def require_end(file: Path, kind: Kind | None, label: str) -> None:
    """Refuse a file whose end is missing, where the format shows it.

    Raises
    ------
    TemporaryError
        When the directory of a ZIP archive or the end of a GRIB message is absent.
    """
    complete = {"zip": zipfile.is_zipfile, "grib": _ends_as_grib}
    if kind in complete and not complete[kind](file):
        raise TemporaryError(f"{label}: the {kind} file has no end")


def _ends_as_grib(file: Path) -> bool:
    with file.open("rb") as opened:
        opened.seek(-4, 2)
        return opened.read() == b"7777"


def words(body: bytes) -> str:
    """Return the first words of a page or a message, without tags, on one line."""
    text = html.unescape(HIDDEN.sub(" ", body.decode("utf-8", "replace")))
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:SHOWN]
