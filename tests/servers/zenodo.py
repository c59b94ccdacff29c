"""A record of Zenodo with the archive of a domain of CORDEX-ML-Bench."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping

import numpy as np
import xarray as xr

from servers.server import Request, Response, Server

RECORD, ARCHIVE = "/api/records/17957264", "ALPS_domain.zip"


def fine(years: range, calendar: str = "standard", side: int = 8) -> xr.Dataset:
    """Return pr and tasmax on x, y [km] with lat and lon on both, at 12:00."""
    time = _noons(years, calendar)
    y, x = 1412.0 + 12.5 * np.arange(side), 2062.0 + 12.5 * np.arange(side)
    lat = 44.0 + 0.11 * np.arange(side)[:, None] + 0.001 * np.arange(side)
    lon = 6.0 + 0.15 * np.arange(side) + 0.001 * np.arange(side)[:, None]
    days = np.arange(time.size)[:, None, None]
    shape = (time.size, side, side)
    return xr.Dataset(
        {
            "pr": (
                ("time", "y", "x"),
                np.broadcast_to(days % 50, shape) + 0.5,
                {"units": "mm/day"},
            ),
            "tasmax": (
                ("time", "y", "x"),
                np.broadcast_to(280.0 + days % 30, shape),
                {"units": "K"},
            ),
        },
        {"time": time, "y": y, "x": x, "lat": (("y", "x"), lat), "lon": (("y", "x"), lon)},
    ).astype("f4")


def coarse(years: range) -> xr.Dataset:
    """Return predictors on lat and lon, without units."""
    time = _noons(years, "standard")
    axes = {"time": time, "lat": 30.0 + 2 * np.arange(4), "lon": -8.0 + 2 * np.arange(4)}
    fields = {"t_850": 280.0, "q_850": 0.005, "z_500": 5500.0}
    shape = (time.size, 4, 4)
    data = {n: (("time", "lat", "lon"), np.full(shape, v, "f4")) for n, v in fields.items()}
    return xr.Dataset(data, axes)


def _noons(years: range, calendar: str) -> xr.DataArray:
    ends = f"{years.start}-01-01T12", f"{years.stop - 1}-12-31T12"
    return xr.date_range(*ends, calendar=calendar, use_cftime=calendar != "standard")


def archive(files: Mapping[str, xr.Dataset | bytes]) -> bytes:
    """Return the ZIP archive with files by their path below ALPS_domain/train/."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in files.items():
            content = data if isinstance(data, bytes) else bytes(data.to_netcdf(engine="netcdf4"))
            target.writestr(f"ALPS_domain/train/{name}", content)
        target.writestr("ALPS_domain/test/historical/predictors/perfect/x_1981-2000.nc", b"other")
    return packed.getvalue()


class ZenodoServer(Server):
    """The record, whose entry of the archive `entry` replaces in part, and the archive."""

    def __init__(self, content: bytes, **entry: object) -> None:
        self.path = f"{RECORD}/files/{ARCHIVE}/content"
        super().__init__({self.path: content})
        md5 = hashlib.md5(content).hexdigest()
        self.entry = {"key": ARCHIVE, "size": len(content), "checksum": f"md5:{md5}"} | entry

    def respond(self, request: Request) -> Response:
        """Return the record or the archive."""
        if request.path != RECORD:
            return super().respond(request)
        entry = {"links": {"self": f"{self.url}{self.path}"}} | self.entry
        metadata = {"version": "1.0", "license": {"id": "cc-by-4.0"}}
        return Response(json.dumps({"files": [entry], "metadata": metadata}).encode())
