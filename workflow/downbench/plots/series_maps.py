"""Maps of target and drivers by season, on one scale, with the coast of the fine grid."""

from collections.abc import Mapping, Sequence

import matplotlib as mpl
import numpy as np
import xarray as xr
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from downbench.core.calendar.seasons import SEASONS
from downbench.core.data_summary.region_summary import RegionSummary
from downbench.core.data_summary.series_summary import SeriesSummary
from downbench.core.variables import VARIABLES
from downbench.plots import map_of
from downbench.plots.empty_figures import NothingToDraw
from downbench.plots.map_panels import draw_coast

COLUMNS = len(SEASONS)
MOST_SERIES = 7

Panels = Mapping[str, xr.DataArray]


def by_season(
    series: Sequence[SeriesSummary], variable: str, less: SeriesSummary | None = None
) -> Panels:
    """Return the seasonal means of a variable by title, without seasons that have no value.

    Parameters
    ----------
    series
        Those that have the variable are shown, the first seven of them.
    variable
        Its name.
    less
        On the same grid; its means are taken away.

    Raises
    ------
    NothingToDraw
        When there is no series with a place on a map.
    """
    require_places(series)
    mapped = [summary for summary in series if variable in summary.variables][:MOST_SERIES]
    panels = {}
    for summary in mapped:
        for season, months in SEASONS.items():
            mean = summary.variables[variable].mean(months)
            if less is not None:
                mean = mean - less.variables[variable].mean(months)
            if np.isfinite(mean).any():
                panels[f"{summary.name}, {season}"] = summary.field(mean)
    if not panels:
        raise NothingToDraw("no season has a value in these series")
    return panels


def require_places(series: Sequence[SeriesSummary]) -> None:
    """Raise `NothingToDraw` for patches of many places, which have no common map."""
    if any(summary.has_events for summary in series):
        raise NothingToDraw("the series consists of patches at many places: they have no map")


def draw(panels: Panels, data: RegionSummary, scale: mpl.cm.ScalarMappable, label: str) -> Figure:
    """Draw one map for each panel, four in a row, with one colour bar."""
    rows = -(-len(panels) // COLUMNS)
    columns = min(COLUMNS, max(len(panels), COLUMNS - 1))
    figure, grid = map_of.grid(rows, columns, next(iter(panels.values())))
    for axes, (title, field) in zip(grid.flat, panels.items(), strict=False):
        map_of.draw_one(axes, field, scale, title)
        axes.set(xticks=[], yticks=[])  # without labels they say nothing, and cost half the time
        if data.target is not None and "land" not in field.coords:
            draw_coast(axes, data.target.field(np.zeros_like(data.target.grid["lat"])))
    for axes in grid.flat[len(panels) :]:
        axes.set_visible(False)
    bar = figure.colorbar(scale, ax=grid, aspect=30, fraction=0.03, extend="both")
    bar.set_label(label, fontsize=7)
    return figure


def scale_of(panels: Panels, variable: str) -> mpl.cm.ScalarMappable:
    """Return the scale of a variable for all but the outermost values."""
    values = np.concatenate([field.values.ravel() for field in panels.values()])
    low, high = np.nanpercentile(values, [0.5, 99.5])
    low = 0.0 if VARIABLES[variable].is_intermittent else low
    return mpl.cm.ScalarMappable(
        Normalize(low, high if high > low else low + 1), VARIABLES[variable].colormap
    )


def label_of(variable: str) -> str:
    """Return the words of a variable with its unit."""
    return f"{VARIABLES[variable].long_name} [{VARIABLES[variable].unit_mathtext}]"
