"""Seasonal means of a target variable: the target, and what is compared on the coarse grid."""

from matplotlib.figure import Figure

from downbench.core.data_summary.region_summary import RegionSummary
from downbench.plots import series_maps

TITLE = "Mean of each season"
CAPTION = (
    "Target on the fine grid, drivers and block means of regional models on the coarse one, on "
    "one scale. A block is a coarse cell; grey cells never have a value; the line is the coast, "
    "where the region has one. Rain belongs on windward slopes, cold on mountains, and both at "
    "the same place in all rows. Of more than seven series, the first seven are shown."
)
POSITION = 10
PER_VARIABLE = True


def draw(data: RegionSummary, variable: str) -> Figure:
    """Draw maps of the target and of each other series by season.

    Raises
    ------
    NothingToDraw
        When no series has a value or a place.
    """
    others = data.imperfect or list(data.drivers.values())
    series = [*([data.target] if data.target else ()), *others]
    panels = series_maps.by_season(series, variable)
    scale = series_maps.scale_of(panels, variable)
    return series_maps.draw(panels, data, scale, series_maps.label_of(variable))
