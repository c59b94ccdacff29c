"""Stations on a map of altitude and coast, coloured by their difference from the target."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure

from downbench.core.data_summary.region_summary import RegionSummary
from downbench.core.data_summary.station_summary import StationSummary
from downbench.core.spatial.longitudes import around
from downbench.plots import map_of, style
from downbench.plots.data_station_inputs import stations_of
from downbench.plots.empty_figures import NothingToDraw
from downbench.plots.map_panels import draw_map
from downbench.plots.series_maps import label_of, require_places

TITLE = "Stations on the map"
CAPTION = (
    "Mean of each station less that of the nearest cell of the target, where both have a value; "
    "temperature is reduced to the altitude of the cell. Relief in grey, with the coast where the "
    "region has one. Triangles entered the gridded target, circles did not; crosses are left out. "
    "A station in the sea, or an outlier among its neighbours, may have a wrong place."
)
POSITION = 54
OF_STATIONS = True
LEAST_HEIGHT_M, ROOM_ABOVE = 1000.0, 1.8
"""The scale of grey ends above the highest cell, so that points stand out."""
MARKERS = {1: "^", 0: "o"}


def draw(data: RegionSummary) -> Figure:
    """Draw a map for each variable.

    Raises
    ------
    NothingToDraw
        When the stations cannot be read, or there is no target on a map.
    """
    stations = stations_of(data)
    if data.target is None or data.static is None:
        raise NothingToDraw("the target cannot be read")
    require_places([data.target])
    variables = list(stations.common.variables)
    figure, grid = map_of.grid(1, max(2, len(variables)), data.target.grid["lat"])
    figure.set_figheight(figure.get_figheight() + 0.5)  # for colour bars
    altitude = data.target.field(data.static["orog"].values)
    top = ROOM_ABOVE * max(float(altitude.max()), LEAST_HEIGHT_M)
    relief = ScalarMappable(plt.Normalize(0, top), "Greys")
    for axes, variable in zip(grid.flat, variables, strict=False):
        difference = stations.difference(variable)
        scale = map_of.about_zero([difference], variable)
        draw_map(axes, altitude, relief)
        axes.set(xticks=[], yticks=[])
        _points(axes, stations, difference, scale)
        bar = figure.colorbar(scale, ax=axes, aspect=25, fraction=0.05, location="bottom")
        bar.set_label(f"station minus target: {label_of(variable)}", fontsize=6.5)
    for axes in grid.flat[len(variables) :]:
        axes.set_visible(False)
    return figure


def _points(
    axes: Axes, stations: StationSummary, difference: np.ndarray, scale: ScalarMappable
) -> None:
    limits = axes.get_xlim(), axes.get_ylim()
    look = {"cmap": scale.cmap, "norm": scale.norm, "edgecolor": style.BLACK, "linewidth": 0.5}
    centre = sum(limits[0]) / 2
    for entered, marker in MARKERS.items():
        group = (stations.places["fed_product"] == entered).to_numpy()
        places = stations.places[group]
        axes.scatter(around(places["lon"], centre), places["lat"], c=difference[group], s=22,
                     marker=marker, zorder=3, clip_on=False, **look)  # fmt: skip
    outside = stations.left_out
    axes.scatter(around(outside["lon"], centre), outside["lat"], s=18, marker="x",
                 color=style.VERMILLION, linewidth=1.0, zorder=3)  # fmt: skip
    axes.set(xlim=limits[0], ylim=limits[1])
