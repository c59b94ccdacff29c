"""Climatology of the stations against that of the target in their cells."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from downbench.core.calendar.seasons import ALL_YEAR
from downbench.core.data_summary.region_summary import RegionSummary
from downbench.core.data_summary.station_summary import StationSummary
from downbench.core.variables import VARIABLES
from downbench.plots import style
from downbench.plots.data_station_inputs import stations_of
from downbench.plots.panel_grid import panel_grid
from downbench.plots.series_maps import label_of

TITLE = "Stations against the target"
CAPTION = (
    "Left: mean of each calendar month over all stations, and of the target in the nearest cells, "
    "where both have a value. Right: mean of each station against that of its cell. Temperature "
    "is reduced to the altitude of the cell. A cell is an average: its rain is less variable, not "
    "larger or smaller; points far from the line may have another unit or place."
)
POSITION = 56
OF_STATIONS = True


def draw(data: RegionSummary) -> Figure:
    """Draw a row for each variable.

    Raises
    ------
    NothingToDraw
        When the stations cannot be read.
    """
    stations = stations_of(data)
    variables = list(stations.common.variables)
    figure, grid = panel_grid(2 * len(variables), 2.5)
    for number, variable in enumerate(variables):
        _cycle(grid[2 * number], stations, variable)
        _means(grid[2 * number + 1], stations, variable)
    style.legend_below(figure, grid[0].get_legend_handles_labels()[0])
    return figure


def _cycle(axes: Axes, stations: StationSummary, variable: str) -> None:
    looks = {"stations": style.VERMILLION, "target in their cells": style.BLACK}
    series = stations.common, stations.target
    for (words, colour), summary in zip(looks.items(), series, strict=True):
        means = [summary.variables[variable].domain_mean((month,)) for month in ALL_YEAR]
        axes.plot(ALL_YEAR, means, marker="o", markersize=3, color=colour, label=words)
    axes.set_xlim(0.5, 12.5)
    axes.margins(y=0.1)
    axes.set_xticks(np.arange(1, 13), "JFMAMJJASOND")
    axes.set_ylabel(label_of(variable))


def _means(axes: Axes, stations: StationSummary, variable: str) -> None:
    measured, target = (
        summary.variables[variable].mean()[0] for summary in (stations.common, stations.target)
    )
    axes.plot(target, measured, "o", markersize=4, color=style.VERMILLION, markeredgewidth=0)
    axes.axline((np.nanmean(target),) * 2, slope=1, color=style.LIGHT_GREY, zorder=0)
    axes.set_xlabel("target in the cell")
    axes.set_ylabel("station")
    style.heading(axes, VARIABLES[variable].long_name)
