"""Series at stations, gathered into the form that `stations.file` of a region reads."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.core.config.downloads.bounds import Bounds
from downbench.core.config.downloads.station_download import StationDownload
from downbench.core.contract_values import value_breaches
from downbench.core.errors import UserError
from downbench.sources.download.errors import RefusalError, TemporaryError
from downbench.sources.download.progress import Progress
from downbench.sources.files.units import convert

NO_ALTITUDE = -900.0
"""Archives write -999.9, -999 or -9999 where the altitude is not known [m]."""

MOST_FAULTY_SHARE = 0.05
"""More of the stations with impossible values or a damaged file are no accident [1]."""


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
    listed = (station for station in stations if station.id not in request.without)
    inside = [station for station in listed if station.is_inside(request.bounds)]
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
        When no station has values on enough days, or more than a few have impossible values.
    """
    kept: dict[Station, Mapping[str, np.ndarray]] = {}
    faults: dict[str, str] = {}
    line = Progress(f"{request.dataset}: stations")
    for number, station in enumerate(stations, start=1):
        try:
            values = series(station)
            if _has_enough(values, request):
                _require_plausible(_dataset(request, {station: values}, days, units))
                kept[station] = values
        except (TemporaryError, RefusalError):
            raise  # of the server, not of the station
        except UserError as error:
            faults[station.id] = str(error)
        line.count(number, len(stations), "stations")
    line.close()
    _require_few(faults, len(stations), request)
    print(f"{request.dataset}: {len(kept)} of {len(stations)} stations have enough days")
    if not kept:
        raise UserError(
            f"{request.dataset}: no station in the box has values on "
            f"{request.least_valid_share:.0%} of the days in each of "
            f"{', '.join(request.variables)}: lower least_valid_share, choose other years, or "
            "make a download for each variable"
        )
    words = [f"{station}: {fault}" for station, fault in faults.items()]
    few = len(stations) - len(kept) - len(faults)
    words += [f"{few} with values on too few days"] if few else []
    left_out = {"stations_left_out": "; ".join(words)} if words else {}
    return _dataset(request, kept, days, units).assign_attrs(left_out)


def _has_enough(values: Mapping[str, np.ndarray], request: StationDownload) -> bool:
    shares = [np.isfinite(values[name]).mean() for name in request.variables]
    return min(shares) >= request.least_valid_share and max(shares) > 0


def _require_plausible(dataset: xr.Dataset) -> None:
    """Refuse impossible values of one station."""
    for name in map(str, dataset.data_vars):
        for breach in value_breaches(dataset[[name]].expand_dims("row", axis=1), name):
            raise UserError(breach)


def _require_few(faults: Mapping[str, str], count: int, request: StationDownload) -> None:
    """Print the stations that are left out for their faults; refuse more than a few."""
    listing = "\n".join(f"  - {station}: {fault}" for station, fault in faults.items())
    if len(faults) > MOST_FAULTY_SHARE * count:
        raise UserError(
            f"{request.dataset}: {len(faults)} of {count} stations have faults:\n{listing}\n"
            f"leave them out with `without: [{', '.join(faults)}]`, or report it"
        )
    if faults:
        print(f"{request.dataset}: {len(faults)} stations left out for their faults:\n{listing}")


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
