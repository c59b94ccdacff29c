"""What the page of a region's data shows of its stations."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from downbench.core.data_summary.series_summary import SeriesSummary

STATIONS = "stations"


@dataclass(frozen=True)
class StationSpan:
    """When each station has values of a variable.

    first, last : (station,) dates, empty without a value
    days : (station,) days with a value
    longest_gap : (station,) days in a row without one, between the first and the last
    """

    first: np.ndarray
    last: np.ndarray
    days: np.ndarray
    longest_gap: np.ndarray


@dataclass(frozen=True)
class StationSummary:
    """Stations on the grid (1, station), in the order of their file.

    places : name, lat, lon [degrees], altitude, rise [m] above the cell, nearest_km, fed_product
    measured : all their days
    common, target : measurements and values of the nearest cells, where both have one;
        temperature is reduced to the altitude of the cell
    spans : by variable
    left_out : name, lat, lon, altitude and reason
    """

    places: pd.DataFrame
    measured: SeriesSummary
    common: SeriesSummary
    target: SeriesSummary
    spans: Mapping[str, StationSpan]
    left_out: pd.DataFrame

    def difference(self, variable: str) -> np.ndarray:
        """Return the mean of each station less that of its cell, (station,)."""
        return (self.common.variables[variable].mean() - self.target.variables[variable].mean())[0]
