"""Pictures inside the page: figures as PNG, the rule graph as SVG."""

import base64
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from downbench.core.errors import UserError
from downbench.plots.empty_figures import SIGNATURE, reason_of
from downbench.report.captions import caption, is_expert, reading_order


@dataclass(frozen=True)
class PageFigure:
    """A figure inside the page.

    content : the PNG file in base 64
    width, height : of the picture [pixels]
    omission : why there is nothing to show; empty for a picture
    expert : is it shown on request?
    has_pdf : is there a PDF file beside the PNG file?
    """

    name: str
    title: str
    caption: str
    content: str
    width: int
    height: int
    omission: str = ""
    expert: bool = False
    has_pdf: bool = False


def figures_of(figures: Mapping[str, Path], trained_on: str) -> list[PageFigure]:
    """Return the figures of one training driver in reading order; none where none is drawn.

    Parameters
    ----------
    figures
        PNG files by `TRAINED_ON/FIGURE`.
    trained_on
        Name of the training driver.

    Raises
    ------
    UserError
        When a file is not a PNG file.
    """
    keys = [key.partition("/") for key in figures]
    names = [name for driver, _, name in keys if driver == trained_on]
    position = {name: number for number, name in enumerate(reading_order())}
    names.sort(key=lambda name: (position.get(name, len(position)), name))
    return [_figure(name, figures[f"{trained_on}/{name}"]) for name in names]


def svg_data(path: Path | None) -> str | None:
    """Return an SVG file in base 64, or None for no file."""
    return None if path is None else base64.b64encode(_content(path)).decode()


def _figure(name: str, path: Path) -> PageFigure:
    content = _content(path)
    if not content.startswith(SIGNATURE):
        raise UserError(f"{path}: not a PNG file; delete it and run `snakemake figures`")
    width, height = size_of(content)
    encoded = base64.b64encode(content).decode()
    omission = reason_of(content)
    pdf = path.with_suffix(".pdf").exists()
    return PageFigure(name, *caption(name), encoded, width, height, omission, is_expert(name), pdf)


def size_of(content: bytes) -> tuple[int, int]:
    """Return width and height of a PNG file [pixels]."""
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}; run `snakemake figures` first") from None
