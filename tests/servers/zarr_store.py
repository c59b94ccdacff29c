"""A server of public Zarr stores: version 2 with consolidated metadata and Blosc chunks."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import xarray as xr
from numcodecs import Blosc
from zarr.buffer import default_buffer_prototype
from zarr.storage import MemoryStore

from downbench.sources.download.object_hash import crc32c
from servers.server import Request, Response, Server

BLOSC = Blosc(cname="lz4", clevel=5, shuffle=Blosc.SHUFFLE)


class ZarrServer(Server):
    """Stores by path; `files` holds their objects, so that one can be removed or changed."""

    def respond(self, request: Request) -> Response:
        """Return an object with its checksum, as the cloud does."""
        response = super().respond(request)
        return replace(response, headers={"x-goog-hash": f"crc32c={crc32c(response.body)},md5=x"})

    def add(self, path: str, dataset: xr.Dataset, chunks: Mapping[str, int]) -> str:
        """Publish a dataset at a path such as `/cmip6/pr`; return its address.

        Parameters
        ----------
        chunks
            Length of the chunks along each axis of the variables; all of an axis by default.
        """
        store = MemoryStore()
        encoding = {
            str(name): {
                "compressors": BLOSC,
                "chunks": tuple(chunks.get(str(d), size) for d, size in variable.sizes.items()),
            }
            | ({} if "_FillValue" in variable.attrs else {"_FillValue": np.float32(np.nan)})
            for name, variable in dataset.data_vars.items()
            if variable.ndim > 2
        }
        dataset.to_zarr(store, zarr_format=2, consolidated=True, encoding=encoding)
        self.files |= {f"{path}/{key}": body for key, body in _objects(store).items()}
        return f"{self.url}{path}"

    def edit(self, path: str, key: str, **entries: object) -> None:
        """Change entries of one document of a store's consolidated metadata."""
        consolidated = json.loads(self.files[f"{path}/.zmetadata"])
        consolidated["metadata"][key] |= entries
        self.files[f"{path}/.zmetadata"] = json.dumps(consolidated).encode()


def _objects(store: MemoryStore) -> dict[str, bytes]:
    async def read() -> dict[str, bytes]:
        prototype = default_buffer_prototype()
        keys = [key async for key in store.list()]
        return {key: (await store.get(key, prototype)).to_bytes() for key in keys}

    return asyncio.run(read())


def era5_hours(first: str, hours: int, stop: str) -> xr.Dataset:
    """Return hourly rain [m] and temperature [K] of the globe in the dialect of the ERA5 store.

    Time begins a day before the data, whose last day is `stop`. Rain falls at random; temperature
    follows the hour of the day.
    """
    rng = np.random.default_rng(1)
    lat, lon = np.arange(90.0, -91.0, -15.0), np.arange(0.0, 360.0, 15.0)
    shape = (hours, lat.size, lon.size)
    wet = rng.random(shape) < 0.3
    time = np.datetime64(first) + np.arange(hours) * np.timedelta64(1, "h")
    numbers = ((time - np.datetime64("1900-01-01")) / np.timedelta64(1, "h")).astype("int64")
    rain = np.where(wet, rng.gamma(1.0, 0.0006, shape), 0.0).astype("float32")
    cycle = 285.0 + 5.0 * np.sin(2 * np.pi * (np.arange(hours) % 24) / 24)
    warm = np.broadcast_to(cycle[:, None, None], shape).astype("float32")
    dims = ("time", "latitude", "longitude")
    geopotential = np.broadcast_to(55000.0 + np.zeros(1, "float32"), (hours, 2, *shape[1:]))
    return xr.Dataset(
        {
            "total_precipitation": (dims, rain, {"units": "m", "short_name": "tp"}),
            "2m_temperature": (dims, warm, {"units": "K", "short_name": "t2m"}),
            "geopotential": (
                ("time", "level", "latitude", "longitude"),
                geopotential.astype("float32"),
                {"units": "m**2 s**-2", "short_name": "z", "standard_name": "geopotential"},
            ),
        },
        {
            "time": ("time", numbers, {"units": "hours since 1900-01-01"}),
            "level": ("level", np.array([500, 850])),
            "latitude": ("latitude", lat.astype("float32"), {"units": "degrees_north"}),
            "longitude": ("longitude", lon.astype("float32"), {"units": "degrees_east"}),
        },
        {
            "valid_time_start": first,
            "valid_time_stop": stop,
            "valid_time_stop_era5t": "2026-11-20",
            "last_updated": "2026-11-21 02:00:00",
        },
    )


def cmip6_run(
    variable: str, year: int, calendar: str, noon: bool = True, years: int = 1, wetter: float = 1.0
) -> xr.Dataset:
    """Return a daily variable of the globe as a climate model writes it: years and some days.

    Stamps are at noon, or else at the end of the day, with bounds; rain is `wetter` by a factor.
    """
    rng = np.random.default_rng(2)
    days = {"360_day": 360}.get(calendar, 365) * years + 5
    lat, lon = np.arange(-80.0, 81.0, 20.0), np.arange(0.0, 360.0, 30.0)
    shape = (days, lat.size, lon.size)
    rain = np.where(rng.random(shape) < 0.5, rng.gamma(1.0, 6.0, shape) * wetter / 86400.0, 0.0)
    values = rain if variable == "pr" else rng.normal(285.0, 5.0, shape)
    units = "kg m-2 s-1" if variable == "pr" else "K"
    numbers = np.arange(days, dtype="float64")
    attributes = {
        "units": f"days since {year}-01-01",
        "calendar": calendar,
        "bounds": "time_bnds",
    }
    return xr.Dataset(
        {
            variable: (("time", "lat", "lon"), values.astype("float32"), {"units": units}),
            "time_bnds": (("time", "bnds"), np.stack([numbers, numbers + 1.0], 1)),
        },
        {
            "time": ("time", numbers + (0.5 if noon else 1.0), attributes),
            "lat": ("lat", lat, {"units": "degrees_north", "standard_name": "latitude"}),
            "lon": ("lon", lon, {"units": "degrees_east", "standard_name": "longitude"}),
        },
        {"source_id": "MPI-ESM1-2-HR", "license": "CC BY 4.0"},
    )
