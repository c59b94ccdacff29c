"""Seasonal means of drivers and regional models less those of the target's block means."""

import numpy as np
from matplotlib.figure import Figure

from downbench.core.data_summary.region_summary import RegionSummary
from downbench.plots import map_of, series_maps
from downbench.plots.empty_figures import NothingToDraw

TITLE = "Driver or regional model minus target"
CAPTION = (
    "Difference of the seasonal means on the coarse grid, over all years that each series has; "
    "runs without a year of the target, such as scenarios, are left out. A pattern that follows "
    "coasts and relief is ordinary bias of a coarse model; one that looks like the climate turned "
    "upside down is a grid that is turned. Of more than seven series, the first seven are shown."
)
POSITION = 20
PER_VARIABLE = True


def draw(data: RegionSummary, variable: str) -> Figure:
    """Draw maps of the difference by series and season.

    Raises
    ------
    NothingToDraw
        Without a series of its own errors, or without the target.
    """
    if data.block_means is None:
        raise NothingToDraw("the target has no block means")
    series = [s for s in data.imperfect if np.isin(s.year, data.block_means.year).any()]
    if not series:
        raise NothingToDraw("no series of its own errors has a year of the target")
    panels = series_maps.by_season(series, variable, less=data.block_means)
    scale = map_of.about_zero([field.values for field in panels.values()], variable)
    return series_maps.draw(panels, data, scale, series_maps.label_of(variable))
