"""A calendar of each series: which days have all values, some, or none of a variable."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from downbench.core.data_summary.region_summary import RegionSummary
from downbench.core.data_summary.series_summary import SeriesSummary
from downbench.plots import style
from downbench.plots.empty_figures import NothingToDraw
from downbench.plots.panel_grid import panel_grid

TITLE = "Calendar of missing days"
CAPTION = (
    "Years against days of the year, in the calendar of each series. A day has values if every "
    "variable has one in at least 98 % of the cells, or stations, that ever have one. White days "
    "are not in the series: seasons that a dataset leaves out, or gaps between its parts."
)
POSITION = 60
MOST_MISSING = 0.02
STATES = {
    "values": "#CFE3F2",
    "some cells or stations missing": style.ORANGE,
    "a variable without a value": style.VERMILLION,
}
DAYS = 366


def draw(data: RegionSummary) -> Figure:
    """Draw one calendar for each series.

    Raises
    ------
    NothingToDraw
        When no series is daily.
    """
    stations = [data.stations.measured] if data.stations else []
    series = [*data.series, *stations]
    daily = [summary for summary in series if summary.is_daily and summary.variables]
    if not daily:
        raise NothingToDraw("no series has one value for each day")
    figure, grid = panel_grid(len(daily), 1.9)
    for axes, summary in zip(grid, daily, strict=True):
        _calendar(axes, summary)
    patches = [Patch(facecolor=colour, label=words) for words, colour in STATES.items()]
    style.legend_below(figure, patches)
    return figure


def _calendar(axes: Axes, series: SeriesSummary) -> None:
    first, last = int(series.year.min()), int(series.year.max())
    states = np.full((last - first + 1, DAYS), np.nan)
    states[series.year - first, series.day_of_year - 1] = _states(series)
    colours = {
        "cmap": ListedColormap(list(STATES.values())),
        "norm": BoundaryNorm([-0.5, 0.5, 1.5, 2.5], 3),
    }
    extent = (0.5, DAYS + 0.5, last + 0.5, first - 0.5)
    axes.imshow(states, aspect="auto", interpolation="nearest", extent=extent, **colours)
    axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    incomplete = int((_states(series) > 0).sum())
    axes.set_title(f"{series.name}: {len(series.year)} days, {incomplete} incomplete", loc="left")
    axes.set_xlabel("day of the year")


def _states(series: SeriesSummary) -> np.ndarray:
    """Return 0, 1 or 2 (time,), the place of the state in `STATES`; the worst of all variables."""
    missing = np.max([variable.missing for variable in series.variables.values()], axis=0)
    return (missing > MOST_MISSING).astype(int) + (missing >= 1.0)
