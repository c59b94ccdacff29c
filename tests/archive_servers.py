"""Archives on loopback with the same weather: PRISM, GHCN-D, and runs of CMIP6."""

import numpy as np

from servers import cds_fields, cmip6_catalogue, ghcnd, prism
from servers.cds_fields import HOUR
from servers.prism import CELL, NORTH, WEST
from servers.zarr_store import ZarrServer, cmip6_run

YEARS, LATER = range(2001, 2006), range(2071, 2076)
MODEL, CALENDAR, CHUNK = "NorESM2-MM", "noleap", 500
ROWS = COLUMNS = 24
STATIONS = {
    "USC00000001": (49.60, -124.70, 40.0, "SHORE"),
    "USC00000002": (49.35, -124.40, 350.0, "HILL"),
}


def rain(days: np.ndarray, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Return rain from 12 to 12 UTC, (day, y, x) [mm].

    Parameters
    ----------
    days : (day,)
        On which the 24 hours begin, datetime64[D].
    """
    stamps = (days.astype("M8[ns]")[:, None] + np.arange(13, 37) * HOUR).ravel()
    shape = len(days), 24, *np.broadcast_shapes(lat.shape, lon.shape)
    return cds_fields.rain(stamps, lat, lon).reshape(shape).sum(axis=1)


def _days(year: int) -> np.ndarray:
    return np.arange(f"{year}-01-01", f"{year + 1}-01-01", dtype="M8[D]")


def prism_server() -> prism.PrismServer:
    """Return the grids of some years, called by the day on which their 24 hours end."""
    lat = NORTH - CELL * np.arange(ROWS)[:, None]
    lon = WEST + CELL * np.arange(COLUMNS)
    archives = {}
    for year in YEARS:
        for day, field in zip(_days(year), rain(_days(year), lat, lon), strict=True):
            stamp = str(day + 1).replace("-", "")
            archives["ppt", stamp] = prism.archive("ppt", stamp, field.astype("f4"))
    return prism.PrismServer(archives)


def ghcnd_server() -> ghcnd.GhcndServer:
    """Return stations that measure the same weather, one of them on a hill."""
    lists, inventory, files = "", "", dict.fromkeys(STATIONS, "")
    for station, (lat, lon, altitude, name) in STATIONS.items():
        lists += ghcnd.listed(station, lat, lon, altitude, name)
        inventory += ghcnd.inventory(station, "PRCP", YEARS[0], YEARS[-1])
        for year in YEARS:
            values = rain(_days(year), np.array([[lat]]), np.array([lon]))[:, 0, 0]
            counts = np.rint(10 * values).astype(int)
            files[station] += ghcnd.year(station, year, "PRCP", counts)
    return ghcnd.GhcndServer(lists, inventory, files)


def publish_runs(server: ZarrServer) -> str:
    """Serve a historical run and a wetter one with their catalogue; return its address."""
    rows = []
    for experiment, years, wetter in (("historical", YEARS, 1.0), ("ssp585", LATER, 1.2)):
        run = cmip6_run("pr", years[0], CALENDAR, years=len(years), wetter=wetter)
        named = {"source_id": MODEL, "experiment_id": experiment}
        row = cmip6_catalogue.row(MODEL, experiment, "pr", "20191108")
        path = row[8].removeprefix("gs:/").rstrip("/")
        server.add(path, run.assign_attrs(named), {"time": CHUNK})
        rows.append(row)
    cmip6_catalogue.publish(server, "retracted-cmip6", [], cmip6_catalogue.NEW)
    return cmip6_catalogue.publish(server, "pangeo-cmip6", rows, cmip6_catalogue.LEGACY)
