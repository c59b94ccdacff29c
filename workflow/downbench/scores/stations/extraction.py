"""What grids say at stations: extraction, and temperature brought to the station's altitude."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.core.spatial.curvilinear import CellWeights
from downbench.core.spatial.grids import valid_cells
from downbench.scores.stations.interpolation import bilinear, nearest
from downbench.scores.stations.lapse_rate import LapseRate

BYTES_AT_ONCE = 64_000_000
"""Of a grid in memory: large against a chunk, which would otherwise be unpacked many times."""


@dataclass(frozen=True)
class Reading:
    """One way to read a grid at the stations.

    extraction : `nearest` or `bilinear`
    rate : None where temperature is taken as it is, and for rain always
    rise_m : (station,)
        Station's altitude less that of the grid there [m].
    """

    extraction: str
    cells: CellWeights
    rate: LapseRate | None
    rise_m: np.ndarray

    def at_altitude(self, values: np.ndarray, months: np.ndarray) -> np.ndarray:
        """Values (time, …, station) brought to the stations' altitudes, float32, in their unit.

        months : (time,) calendar months, for the lapse rate
        """
        if self.rate is not None:
            shift = self.rate.shift(months, self.rise_m)
            values = values + (shift[:, None] if values.ndim == 3 else shift)
        return values.astype(np.float32)

    def lapse_k_per_km(self, months: np.ndarray) -> float:
        """The mean rate that is applied in these months [K km-1]; 0 where none is."""
        return 0.0 if self.rate is None else float(self.rate.k_per_km[months - 1].mean())


def read(field: xr.DataArray, ways: Sequence[Reading]) -> list[np.ndarray]:
    """Values (time, …, station) float32 of a lazy field on (time, …, y, x), one array per way.

    In the field's unit, NaN where a cell is missing; the field is read once for all ways.
    """
    days = max(1, BYTES_AT_ONCE // (4 * int(np.prod(field.shape[1:]))))
    parts = []
    for start in range(0, field.sizes["time"], days):
        values = field.isel(time=slice(start, start + days)).values
        parts.append([way.cells.of(values) for way in ways])
    months = field["time"].dt.month.values
    joined = (np.concatenate(each) for each in zip(*parts, strict=True))
    return [way.at_altitude(each, months) for way, each in zip(ways, joined, strict=True)]


def readings(
    variable: str, stations: xr.Dataset, target: xr.Dataset, rate: LapseRate | None
) -> Iterator[Reading]:
    """Nearest cell and bilinear; for temperature with the altitude corrected, and without.

    Parameters
    ----------
    stations
        With lat, lon [degrees] and altitude [m] on (station,).
    target
        Gives the grid, its orography [m] and its valid cells.
    rate
        Lapse rate of the variable; None where altitude is not corrected, as for rain (trap T34).
    """
    lat, lon = target["lat"].values, target["lon"].values
    valid = valid_cells(target[variable])
    points = (stations["lat"].values, stations["lon"].values)
    ways = {
        "nearest": nearest(lat, lon, valid, points)[0],
        "bilinear": bilinear(lat, lon, valid, points),
    }
    for name, cells in ways.items():
        rise = stations["altitude"].values - cells.of(target["orog"].values)
        for applied in (rate, None) if rate is not None else (None,):
            yield Reading(name, cells, applied, rise)
