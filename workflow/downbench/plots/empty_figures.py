"""Figures without anything to draw: left out of the page, with a sentence that says why.

A rule promises a picture, and so a small one is written that holds the sentence. It stands among
the metadata, too, where the page finds it.
"""

import struct
import textwrap
import zlib
from collections.abc import Iterator

import numpy as np
from matplotlib.figure import Figure

from downbench.core.errors import UserError
from downbench.plots import style

KEYWORD = "Omitted"
SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLUMNS = 90


class NothingToDraw(UserError):
    """The evidence of a figure holds no value that it could show."""


def require_values(*columns: object) -> None:
    """Raise `NothingToDraw` unless one of the arrays or columns holds a finite number."""
    arrays = [np.asarray(column, float).ravel() for column in columns]
    if not any(np.isfinite(values).any() for values in arrays):
        raise NothingToDraw("none of its scores has a value in this region")


def placeholder(reason: str) -> Figure:
    """Return a small figure with the sentence alone."""
    figure = Figure(figsize=(style.WIDTH_INCH, 0.8))
    figure.text(0.01, 0.5, textwrap.fill(reason, COLUMNS), va="center", fontsize=8)
    return figure


def reason_of(content: bytes) -> str:
    """Return the sentence among the metadata of a PNG file; empty if it is a picture."""
    for kind, data in _chunks(content):
        if kind == b"IDAT":
            return ""
        keyword, _, text = data.partition(b"\0")
        if kind == b"tEXt" and keyword == KEYWORD.encode():
            return text.decode("latin-1")
        if kind == b"iTXt" and keyword == KEYWORD.encode():
            return _international(text)
    return ""


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = len(SIGNATURE)
    while position + 8 <= len(content):
        (length,) = struct.unpack(">I", content[position : position + 4])
        yield content[position + 4 : position + 8], content[position + 8 : position + 8 + length]
        position += length + 12


def _international(text: bytes) -> str:
    """Return the text of an iTXt chunk after its keyword, which may be compressed."""
    is_compressed, body = text[:1] == b"\1", text[2:].split(b"\0", 2)[2]
    return (zlib.decompress(body) if is_compressed else body).decode()
