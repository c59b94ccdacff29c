"""Mean of every further predictor of the drivers."""

from matplotlib.figure import Figure

from downbench.core.data_summary.region_summary import RegionSummary
from downbench.plots import series_maps
from downbench.plots.empty_figures import NothingToDraw

TITLE = "Mean of a further predictor"
CAPTION = (
    "Seasonal means of a predictor that the target lacks, on one scale for at most seven drivers."
)
POSITION = 80
PER_PREDICTOR = True
EXPERT = True


def draw(data: RegionSummary, variable: str) -> Figure:
    """Draw maps by driver and season.

    Raises
    ------
    NothingToDraw
        When no driver has a value of it.
    """
    drivers = [driver for driver in data.drivers.values() if variable in driver.variables]
    if not drivers:
        raise NothingToDraw("no driver has it")
    panels = series_maps.by_season(drivers, variable)
    scale = series_maps.scale_of(panels, variable)
    return series_maps.draw(panels, data, scale, series_maps.label_of(variable))
