"""Figures of a region's data, drawn into the page; one that cannot be is named with its reason."""

import base64
import io
import traceback
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import matplotlib.pyplot as plt

from downbench.core.data_summary.region_summary import RegionSummary
from downbench.core.data_summary.station_summary import STATIONS
from downbench.core.discovery import modules_of
from downbench.core.variables import VARIABLES
from downbench.plots import data_figures, style
from downbench.plots.empty_figures import NothingToDraw
from downbench.report.pictures import PageFigure, size_of

DPI = 150


def pictures_of(data: RegionSummary) -> list[PageFigure]:
    """Draw all figures of `plots/data_figures/` in reading order."""
    return [
        _picture(module, data, arguments)
        for module in modules_of(data_figures)
        for arguments in _variables(module, data)
    ]


def _variables(module: ModuleType, data: RegionSummary) -> Iterator[dict[str, str]]:
    """Yield keywords of `draw`: none, or one variable after the other.

    Figures of stations are those of regions that have some, readable or not.
    """
    if hasattr(module, "OF_STATIONS") and STATIONS not in data.checks:
        return
    targets = data.target.variables if data.target else {}
    if hasattr(module, "PER_VARIABLE"):
        yield from ({"variable": name} for name in targets)
    elif hasattr(module, "PER_PREDICTOR"):
        offered = {name for driver in data.drivers.values() for name in driver.variables}
        yield from ({"variable": n} for n in VARIABLES if n in offered and n not in targets)
    else:
        yield {}


def _picture(module: ModuleType, data: RegionSummary, arguments: dict[str, str]) -> PageFigure:
    name = "-".join([module.__name__.rpartition(".")[2].replace("_", "-"), *arguments.values()])
    words = [VARIABLES[variable].long_name for variable in arguments.values()]
    title = ": ".join([module.TITLE, *words])
    content, omission = b"", ""
    try:
        content = _png(module, data, arguments)
    except NothingToDraw as reason:
        omission = str(reason)
    except Exception as error:  # the page shows everything else
        traceback.print_exc()
        omission = f"drawing it stopped ({type(error).__name__}: {error})"
    encoded = base64.b64encode(content).decode()
    size = size_of(content) if content else (0, 0)
    is_expert = getattr(module, "EXPERT", False)
    return PageFigure(name, title, module.CAPTION, encoded, *size, omission, is_expert)


def _png(module: ModuleType, data: RegionSummary, arguments: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    with style.settings():
        figure = module.draw(data, **arguments)
        try:
            figure.savefig(buffer, format="png", dpi=DPI)
        finally:
            plt.close(figure)
    return buffer.getvalue()
