"""Altitude, share of land, and where the target has values."""

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from downbench.core.data_summary.region_summary import RegionSummary
from downbench.plots import map_of
from downbench.plots.empty_figures import NothingToDraw
from downbench.plots.series_maps import require_places

TITLE = "Altitude and land against the values"
CAPTION = (
    "Altitude with the coast at half a cell of land; share of land; lowest share "
    "of times with a value among the variables. The coast must fit the zero line of the altitude, "
    "and cells without values the sea."
)
POSITION = 30
LEAST_HEIGHT_M = 100.0


def draw(data: RegionSummary) -> Figure:
    """Draw the three maps.

    Raises
    ------
    NothingToDraw
        Without a target on a map, or where neither altitude nor land is known.
    """
    if data.target is None or data.static is None:
        raise NothingToDraw("the target cannot be read")
    require_places([data.target])
    maps = {name: data.static[name].values for name in ("orog", "land") if name in data.static}
    maps = {name: values for name, values in maps.items() if np.isfinite(values).any()}
    if not maps:
        raise NothingToDraw("neither altitude nor share of land is known")
    maps["values"] = _valid_share(data)
    figure, grid = map_of.grid(1, len(maps), data.target.grid["lat"])
    figure.set_figheight(figure.get_figheight() + 0.5)  # for colour bars
    words = {"orog": "altitude [m]", "land": "share of land [1]", "values": "share of values [1]"}
    for axes, (name, values) in zip(grid.flat, maps.items(), strict=True):
        scale = (
            _altitudes(values) if name == "orog" else ScalarMappable(Normalize(0, 1), "cividis")
        )
        map_of.draw_one(axes, data.target.field(values), scale, words[name])
        figure.colorbar(scale, ax=axes, aspect=25, fraction=0.05, location="bottom")
    return figure


def _altitudes(values: np.ndarray) -> ScalarMappable:
    low, high = np.nanmin(values), np.nanmax(values)
    return ScalarMappable(Normalize(low, max(high, low + LEAST_HEIGHT_M)), "terrain")


def _valid_share(data: RegionSummary) -> np.ndarray:
    """Return the least share of times with a value over the variables, (y, x)."""
    counts = [variable.count.sum(axis=0) for variable in data.target.variables.values()]
    return np.min(counts, axis=0) / len(data.target.year)
