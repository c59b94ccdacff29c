"""Daily IMERG files behind a login, whose page has the status 200."""

from collections.abc import Mapping

import numpy as np
import xarray as xr

from servers.server import LOGIN, Request, Response, Server

TOKEN = "a-token"


def content(day: str, values: np.ndarray, **changes) -> bytes:
    """Return a file of one day from values (lat, lon) on all of a coarse globe.

    `changes`: `name`, `units`, `fill` (declared), `dims`, `calendar`.
    """
    name = changes.get("name", "precipitation")
    lat, lon = axes(values.shape)
    dims = changes.get("dims", ("time", "lon", "lat"))
    cells = np.where(np.isnan(values), -9999.9, values).astype("f4").T[None]
    days = (np.datetime64(day) - np.datetime64("1970-01-01")).astype(int)
    time = {"units": "days since 1970-01-01", "calendar": changes.get("calendar", "standard")}
    dataset = xr.Dataset(
        {name: (dims, cells, {"units": changes.get("units", "mm/day")})},
        {"time": ("time", [days], time), dims[1]: lon, dims[2]: lat},
    )
    encoding = {name: {"_FillValue": changes.get("fill", np.float32(-9999.9))}}
    return bytes(dataset.to_netcdf(engine="netcdf4", encoding=encoding, format="NETCDF4"))


def axes(shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Return the centres of rows, from south to north, and columns [degrees]."""
    rows, columns = shape
    lat = -90 + (np.arange(rows) + 0.5) * 180 / rows
    return lat, -180 + (np.arange(columns) + 0.5) * 360 / columns


class ImergServer(Server):
    """Files by path, for those who send the token; others get a page to sign in."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__(dict(files))

    def respond(self, request: Request) -> Response:
        """Return a file or the page."""
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return Response(LOGIN, headers={"Content-Type": "text/html"})
        return super().respond(request)
