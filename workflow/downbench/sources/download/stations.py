"""Series at stations, gathered into the form that `stations.file` of a region reads."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.core.config.downloads.bounds import Bounds
from downbench.core.config.downloads.station_download import StationDownload
from downbench.core.errors import UserError
from downbench.sources.download.progress import Progress
from downbench.sources.files.units import convert

NO_ALTITUDE = -900.0
"""Archives write -999.9, -999 or -9999 where the altitude is not known [m]."""


@dataclass(frozen=True)
class Station:
    """Identifier, name, place [degrees] and altitude [m]."""

    id: str
    name: str
    lat: float
    lon: float
    altitude: float

    @property
    def label(self) -> str:
        """Name that no other station has."""
        return f"{self.name} ({self.id})"

    def is_inside(self, bounds: Bounds) -> bool:
        """Return whether the station lies in a box."""
        east = (self.lon - bounds.west) % 360.0
        return bounds.south <= self.lat <= bounds.north and east <= bounds.width


def in_box(stations: Iterable[Station], request: StationDownload) -> list[Station]:
    """Return the stations in the box whose altitude is known.

    Raises
    ------
    UserError
        When there are none, or more than `most_stations`, or places are impossible.
    """
    inside = [station for station in stations if station.is_inside(request.bounds)]
    placed = [station for station in inside if station.altitude > NO_ALTITUDE]
    if len(placed) < len(inside):
        print(f"{request.dataset}: {len(inside) - len(placed)} stations without altitude left out")
    if not placed:
        raise UserError(f"{request.dataset}: no station in the box: widen `bounds`")
    if len(placed) > request.most_stations:
        raise UserError(
            f"{request.dataset}: {len(placed)} stations in the box, most_stations is "
            f"{request.most_stations}: raise it, or narrow `bounds`"
        )
    return placed


def gathered(
    request: StationDownload,
    stations: Sequence[Station],
    series: Callable[[Station], Mapping[str, np.ndarray]],
    days: np.ndarray,
    units: Mapping[str, str],
) -> xr.Dataset:
    """Return the series of all stations that have values on enough days.

    Parameters
    ----------
    request
        Section of the configuration.
    stations
        Those to read.
    series
        Returns (day,) of each variable, in `units`, NaN where missing.
    days : (day,)
        datetime64[D].
    units
        Of each variable, before conversion.

    Returns
    -------
    xr.Dataset
        Variables on (time, station) in our units; lat, lon [degrees], altitude [m] and name on
        (station,).

    Raises
    ------
    UserError
        When no station has values on enough days, or values are impossible.
    """
    kept: dict[Station, Mapping[str, np.ndarray]] = {}
    line = Progress(f"{request.dataset}: stations")
    for number, station in enumerate(stations, start=1):
        values = series(station)
        shares = [np.isfinite(values[name]).mean() for name in request.variables]
        if min(shares) >= request.least_valid_share and max(shares) > 0:
            kept[station] = values
        line.count(number, len(stations), "stations")
    line.close()
    print(f"{request.dataset}: {len(kept)} of {len(stations)} stations have enough days")
    if not kept:
        raise UserError(
            f"{request.dataset}: no station in the box has values on "
            f"{request.least_valid_share:.0%} of the days in each of "
            f"{', '.join(request.variables)}: lower least_valid_share, choose other years, or "
            "make a download for each variable"
        )
    return _dataset(request, kept, days, units)


def _dataset(
    request: StationDownload,
    series: Mapping[Station, Mapping[str, np.ndarray]],
    days: np.ndarray,
    units: Mapping[str, str],
) -> xr.Dataset:
    stations = list(series)
    coordinates = {
        "time": days.astype("M8[ns]"),
        "lat": ("station", [s.lat for s in stations], {"units": "degrees_north"}),
        "lon": ("station", [s.lon for s in stations], {"units": "degrees_east"}),
        "altitude": ("station", [s.altitude for s in stations], {"units": "m"}),
        "name": ("station", np.array([s.label for s in stations], dtype=object)),
    }
    fields = {}
    for name in request.variables:
        values = np.stack([v[name] for v in series.values()], axis=1).astype(np.float32)
        field = xr.DataArray(values, coordinates, ("time", "station"))
        fields[name] = convert(field, name, units[name], True, f"{request.dataset}: {name}")
    return xr.Dataset(fields)
