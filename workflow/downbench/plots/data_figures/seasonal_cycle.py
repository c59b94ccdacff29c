"""Mean of each calendar month over the domain, of the target and of every driver."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from downbench.core.calendar.seasons import ALL_YEAR
from downbench.core.data_summary.region_summary import RegionSummary
from downbench.core.variables import VARIABLES
from downbench.plots import style
from downbench.plots.data_series_lines import looks
from downbench.plots.empty_figures import NothingToDraw
from downbench.plots.panel_grid import panel_grid
from downbench.plots.series_maps import label_of

TITLE = "Seasonal cycle"
CAPTION = (
    "Mean of each calendar month over the cells in which the target has values, over all years "
    "that a series has. A cycle that is late or upside down shows wrong dates or another "
    "hemisphere; months without a value have no point."
)
POSITION = 40


def draw(data: RegionSummary) -> Figure:
    """Draw one panel for each variable of the target.

    Raises
    ------
    NothingToDraw
        Without a target of daily values.
    """
    if data.target is None or not data.target.is_daily:
        raise NothingToDraw("the target is no daily series")
    variables = list(data.target.variables)
    figure, grid = panel_grid(len(variables), 2.5)
    for axes, variable in zip(grid, variables, strict=True):
        _panel(axes, data, variable)
    style.legend_below(figure, grid[0].get_legend_handles_labels()[0], columns=4)
    return figure


def _panel(axes: Axes, data: RegionSummary, variable: str) -> None:
    for series, look in looks(data):
        if variable in series.variables:
            summary = series.variables[variable]
            months = [summary.domain_mean((month,)) for month in ALL_YEAR]
            axes.plot(ALL_YEAR, months, marker="o", markersize=3, label=series.name, **look)
    axes.set_xlim(0.5, 12.5)
    axes.margins(y=0.1)
    axes.set_xticks(np.arange(1, 13), "JFMAMJJASOND")
    axes.set_ylabel(label_of(variable))
    style.heading(axes, VARIABLES[variable].long_name)
