"""Pages of a region, in the browser."""

import os
import sys
import webbrowser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from downbench.core.errors import UserError


def address(
    defaults: Mapping[str, Any], region: str | None, page: str, results: str | None
) -> str:
    """Return the address of a page.

    Raises
    ------
    UserError
        If there is no such page; the message names those that exist.
    """
    folder = Path(results or defaults["results_dir"]) / (region or defaults["region"]) / "report"
    path = folder / f"{page}.html"
    if not path.is_file():
        pages = sorted(file.stem for file in folder.glob("*.html"))
        fix = f"--page {' or '.join(pages)}" if pages else "`downbench run exp1` writes the first"
        raise UserError(f"{path} does not exist: {fix}")
    return path.resolve().as_uri()


def show(address: str) -> None:
    """Open an address, where there is a desktop."""
    has_desktop = os.environ.keys() & {"DISPLAY", "WAYLAND_DISPLAY"}
    if has_desktop or sys.platform in ("darwin", "win32"):
        webbrowser.open(address)
