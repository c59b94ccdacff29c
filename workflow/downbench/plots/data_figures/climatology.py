"""Seasonal means of a target variable: the target, and the drivers on the coarse grid."""

from matplotlib.figure import Figure

from downbench.core.data_summary.region_summary import RegionSummary
from downbench.plots import series_maps

TITLE = "Mean of each season"
CAPTION = (
    "Target on the fine grid, drivers on the coarse one, on one scale. A block is a coarse cell; "
    "grey cells never have a value; the line is the coast, where the region has one. Rain "
    "belongs on windward slopes, cold on mountains, and both at the same place in all rows."
)
POSITION = 10
PER_VARIABLE = True


def draw(data: RegionSummary, variable: str) -> Figure:
    """Draw maps of the target and of each driver by season.

    Raises
    ------
    NothingToDraw
        When no series has a value or a place.
    """
    drivers = data.imperfect_drivers or list(data.drivers.values())
    series = [*([data.target] if data.target else ()), *drivers]
    panels = series_maps.by_season(series, variable)
    scale = series_maps.scale_of(panels, variable)
    return series_maps.draw(panels, data, scale, series_maps.label_of(variable))
