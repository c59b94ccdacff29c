"""The stations of a region's data, for figures about them."""

from downbench.core.data_summary.region_summary import RegionSummary
from downbench.core.data_summary.station_summary import StationSummary
from downbench.plots.empty_figures import NothingToDraw


def stations_of(data: RegionSummary) -> StationSummary:
    """Return the stations.

    Raises
    ------
    NothingToDraw
        When they cannot be read.
    """
    if data.stations is None:
        raise NothingToDraw("the stations cannot be read or summarised, see the checks")
    return data.stations
