"""Vega-Lite inside a page: scripts, compressed, and their licences."""

import base64
import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Self

NAMES = ("vega", "vega-lite", "vega-embed")
"""In the order in which they are run: each needs those before it."""


@dataclass(frozen=True)
class ChartLibrary:
    """The scripts that draw charts.

    content : all scripts, gzip in base 64
    licences : their texts, each once
    """

    content: str
    licences: tuple[str, ...]

    @classmethod
    def read(cls, folder: Path | None) -> Self | None:
        """Return the library in a folder with one for each script; None where one is missing."""
        if folder is None:
            return None
        try:
            scripts = [(folder / name / f"{name}.js").read_bytes() for name in NAMES]
            licences = [(folder / name / "LICENSE").read_text("utf-8") for name in NAMES]
        except OSError:
            return None
        packed = gzip.compress(b"\n;\n".join(scripts), mtime=0)
        return cls(base64.b64encode(packed).decode(), tuple(dict.fromkeys(licences)))
