"""Daily IMERG files behind a login, whose page has the status 200."""

import base64
from collections.abc import Mapping

import numpy as np
import xarray as xr

from servers.server import LOGIN, Request, Response, Server

TOKEN = "a-token"
BASIC = base64.b64encode(b"reader:a-password").decode()


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


class OAuthServer(Server):
    """Files for those with a cookie; others are led to a login elsewhere, and back with a code."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__(files)
        self.login = Login(self)

    def respond(self, request: Request) -> Response:
        """Return a file, or where to go."""
        if "session=open" in request.headers.get("cookie", ""):
            return super().respond(request)
        if request.query.get("code") == "1":
            cookie = {"Set-Cookie": "session=open; Path=/"}
            return Response(status=302, headers={"Location": request.path} | cookie)
        place = self.login.url.replace("127.0.0.1", "localhost")
        return Response(status=302, headers={"Location": f"{place}{request.path}"})


class Login(Server):
    """The host that knows the user `reader`; without a password it shows its page."""

    def __init__(self, data: OAuthServer) -> None:
        super().__init__()
        self.data = data

    def respond(self, request: Request) -> Response:
        """Return the way back, or the page."""
        if request.headers.get("authorization") != f"Basic {BASIC}":
            return Response(LOGIN, headers={"Content-Type": "text/html"})
        return Response(status=302, headers={"Location": f"{self.data.url}{request.path}?code=1"})
