"""Extraction of gridded values at stations, temperature adjusted to the station's altitude."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.core.spatial.curvilinear import CellWeights
from downbench.core.spatial.grids import valid_cells
from downbench.core.time_parts import slices
from downbench.scores.stations.interpolation import bilinear, nearest
from downbench.scores.stations.lapse_rate import LapseRate

BYTES_AT_ONCE = 64_000_000
"""Part of a grid in memory: large compared with a chunk, so that each is decompressed once."""


@dataclass(frozen=True)
class Extraction:
    """One way to extract values of a grid at the stations.

    method : `nearest` or `bilinear`
    cells : indices and weights of the cells of each station
    rate : None where temperature is not adjusted, and for rain always
    rise_m : (station,)
        Altitude of the station minus that of the grid [m].
    """

    method: str
    cells: CellWeights
    rate: LapseRate | None
    rise_m: np.ndarray

    def at_altitude(self, values: np.ndarray, months: np.ndarray) -> np.ndarray:
        """Adjust values (time, …, station) to the altitude of the stations, float32.

        Parameters
        ----------
        values
            In the unit of the variable.
        months : (time,)
            Calendar months, for the lapse rate.
        """
        if self.rate is not None:
            shift = self.rate.shift(months, self.rise_m)
            values = values + (shift[:, None] if values.ndim == 3 else shift)
        return values.astype(np.float32)

    def lapse_k_per_km(self, months: np.ndarray) -> float:
        """Return the mean lapse rate applied in these months [K km-1]; 0 without one."""
        return 0.0 if self.rate is None else float(self.rate.k_per_km[months - 1].mean())


def extract(field: xr.DataArray, extractions: Sequence[Extraction]) -> list[np.ndarray]:
    """Return the values at stations (time, …, station) float32, one array per extraction.

    Parameters
    ----------
    field : (time, …, y, x)
        May be lazy: it is read once for all extractions. NaN where a cell is missing.
    extractions
        Ways to extract the values.
    """
    batches = []
    for part in slices(field.sizes["time"], field.nbytes, BYTES_AT_ONCE):
        values = field.isel(time=part).values
        batches.append([extraction.cells.of(values) for extraction in extractions])
    months = field["time"].dt.month.values
    series = (np.concatenate(arrays) for arrays in zip(*batches, strict=True))
    return [
        extraction.at_altitude(values, months)
        for extraction, values in zip(extractions, series, strict=True)
    ]


def extractions(
    variable: str, stations: xr.Dataset, target: xr.Dataset, rate: LapseRate | None
) -> Iterator[Extraction]:
    """Yield nearest cell and bilinear; for temperature with and without altitude correction.

    Parameters
    ----------
    variable
        Variable of the target, whose valid cells are used.
    stations
        With lat, lon [degrees] and altitude [m] on (station,).
    target
        Grid with its orography [m].
    rate
        Lapse rate of the variable; None where altitude is not corrected, as for rain (trap T34).
    """
    lat, lon = target["lat"].values, target["lon"].values
    valid = valid_cells(target[variable])
    points = (stations["lat"].values, stations["lon"].values)
    methods = {
        "nearest": nearest(lat, lon, valid, points)[0],
        "bilinear": bilinear(lat, lon, valid, points),
    }
    for name, cells in methods.items():
        rise = stations["altitude"].values - cells.of(target["orog"].values)
        for applied in (rate, None) if rate is not None else (None,):
            yield Extraction(name, cells, applied, rise)
