"""Archives of one weather on loopback: grids of PRISM, stations of GHCN-D, runs of CMIP6."""

import numpy as np

from servers import cds_fields, cmip6_catalogue, ghcnd, prism
from servers.cds_fields import HOUR
from servers.prism import CELL, NORTH, WEST
from servers.zarr_store import ZarrServer, cmip6_run

YEARS, LATER = range(2001, 2005), range(2071, 2075)
MODEL, CALENDAR, CHUNK = "NorESM2-MM", "noleap", 500
ROWS = COLUMNS = 24
STATIONS = {
    "USC00000001": (49.60, -124.70, 40.0, "SHORE"),
    "USC00000002": (49.35, -124.40, 350.0, "HILL"),
}


def of_days(name: str, days: np.ndarray, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Return the sum of rain [mm] or the warmest hour [degrees Celsius] from 12 to 12 UTC.

    Parameters
    ----------
    days : (day,)
        On which the 24 hours begin, datetime64[D].
    """
    stamps = (days.astype("M8[ns]")[:, None] + np.arange(12, 36) * HOUR).ravel()
    shape = len(days), 24, *np.broadcast_shapes(lat.shape, lon.shape)
    if name == "pr":
        return cds_fields.rain(stamps + HOUR, lat, lon).reshape(shape).sum(axis=1)
    return cds_fields.temperature(stamps, lat, lon).reshape(shape).max(axis=1) - 273.15


def _days(year: int) -> np.ndarray:
    return np.arange(f"{year}-01-01", f"{year + 1}-01-01", dtype="M8[D]")


def prism_server() -> prism.PrismServer:
    """Return the grids of some years, called by the day on which their 24 hours end."""
    lat = NORTH - CELL * np.arange(ROWS)[:, None]
    lon = WEST + CELL * np.arange(COLUMNS)
    archives = {}
    for element, name in {"ppt": "pr", "tmax": "tasmax"}.items():
        for year in YEARS:
            for day, field in zip(_days(year), of_days(name, _days(year), lat, lon), strict=True):
                stamp = str(day + 1).replace("-", "")
                archives[element, stamp] = prism.archive(element, stamp, field.astype("f4"))
    return prism.PrismServer(archives)


def ghcnd_server() -> ghcnd.GhcndServer:
    """Return stations that measure the same weather, one of them on a hill."""
    lists, inventory, files = "", "", dict.fromkeys(STATIONS, "")
    for station, (lat, lon, altitude, name) in STATIONS.items():
        lists += ghcnd.listed(station, lat, lon, altitude, name)
        for element, variable in {"PRCP": "pr", "TMAX": "tasmax"}.items():
            inventory += ghcnd.inventory(station, element, YEARS[0], YEARS[-1])
            for year in YEARS:
                values = of_days(variable, _days(year), np.array([[lat]]), np.array([lon]))
                counts = np.rint(10 * values[:, 0, 0]).astype(int)
                files[station] += ghcnd.year(station, year, element, counts)
    return ghcnd.GhcndServer(lists, inventory, files)


def publish_runs(server: ZarrServer) -> str:
    """Serve a historical run and a warmer one with their catalogue; return its address."""
    rows = []
    for experiment, years, warmer in (("historical", YEARS, 0.0), ("ssp585", LATER, 3.0)):
        for variable in ("pr", "tasmax"):
            run = cmip6_run(variable, years[0], CALENDAR, years=len(years), warmer=warmer)
            named = {"source_id": MODEL, "experiment_id": experiment}
            row = cmip6_catalogue.row(MODEL, experiment, variable, "20191108")
            path = row[8].removeprefix("gs:/").rstrip("/")
            server.add(path, run.assign_attrs(named), {"time": CHUNK})
            rows.append(row)
    cmip6_catalogue.publish(server, "retracted-cmip6", [], cmip6_catalogue.NEW)
    return cmip6_catalogue.publish(server, "pangeo-cmip6", rows, cmip6_catalogue.LEGACY)
