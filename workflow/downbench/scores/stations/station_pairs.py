"""Measurements at stations and the target's values in the nearest cells, on their common days."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.core.calendar.dates import day_numbers
from downbench.core.consistency.series_pair import STANDARD_LAPSE_K_PER_M
from downbench.core.spatial.grids import valid_cells
from downbench.core.variables import TARGETS, VARIABLES
from downbench.scores.stations.extraction import Extraction, extract
from downbench.scores.stations.interpolation import nearest


@dataclass(frozen=True)
class StationPair:
    """A variable of both; temperature is reduced to the altitude of the cell.

    variable : its name
    measured, target : (time, station) on the common days, NaN where missing
    time : (time,) the common days
    names : (station,)
    rise_m : (station,) altitude of the station less that of its cell [m]
    """

    variable: str
    measured: np.ndarray
    target: np.ndarray
    time: xr.DataArray
    names: np.ndarray
    rise_m: np.ndarray

    @property
    def days(self) -> np.ndarray:
        """Numbers of the days, (time,) int."""
        return np.round(day_numbers(self.time)).astype(int)

    @property
    def valid(self) -> np.ndarray:
        """Where both have a value, (time, station)."""
        return np.isfinite(self.measured) & np.isfinite(self.target)


def station_pairs(stations: xr.Dataset, target: xr.Dataset) -> Iterator[StationPair]:
    """Yield each variable that both have.

    Parameters
    ----------
    stations : (time, station)
        With lat, lon [degrees], altitude [m] and name (station,).
    target : (time, y, x)
        With `orog` [m].
    """
    points = (stations["lat"].values, stations["lon"].values)
    grid = target["lat"].values, target["lon"].values
    common = target.isel(time=target.indexes["time"].isin(stations.indexes["time"]))
    for name in (n for n in TARGETS if n in stations.data_vars and n in target.data_vars):
        cells, _ = nearest(*grid, valid_cells(target[name]), points)
        rise = stations["altitude"].values - cells.of(target["orog"].values[None])[0]
        at_cells = Extraction("nearest", cells, None, rise)
        (values,) = extract(common[name], [at_cells])
        measured = stations[name].sel(time=common["time"].values).values
        if VARIABLES[name].is_near_surface_temperature:
            measured = measured + STANDARD_LAPSE_K_PER_M * np.nan_to_num(rise)
        yield StationPair(name, measured, values, common["time"], stations["name"].values, rise)
