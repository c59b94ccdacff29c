"""MRMS rates of precipitation over the United States: GRIB2, one message a file."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import ModuleType

import numpy as np
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.spatial.longitudes import wrapped
from downbench.sources.originals.frames import stacked


def read(paths: Sequence[Path], name: str, units: str) -> xr.DataArray:
    """Return rain rate on (time, lat, lon) [mm h-1]; rows run from south to north."""
    return stacked(paths, _frame, [_time(path) for path in paths], _grid(paths[0]))


def _time(path: Path) -> np.datetime64:
    return np.datetime64(datetime.strptime(path.name[-21:-6], "%Y%m%d-%H%M%S"))


@contextmanager
def _message(path: Path) -> Iterator[tuple[ModuleType, int]]:
    """Open the message of a file; it is handed over with the library that reads it."""
    try:
        import eccodes
    except ImportError:
        raise UserError(f"{path.name} is GRIB, which needs eccodes: pip install eccodes") from None
    with path.open("rb") as opened:
        message = eccodes.codes_grib_new_from_file(opened)
    try:
        yield eccodes, message
    finally:
        eccodes.codes_release(message)


def _grid(path: Path) -> dict[str, xr.Variable]:
    """Return the centres of rows and columns [degrees]."""
    with _message(path) as (eccodes, message):
        rows, columns, north, west, step = (
            eccodes.codes_get(message, key)
            for key in (
                "Nj",
                "Ni",
                "latitudeOfFirstGridPointInDegrees",
                "longitudeOfFirstGridPointInDegrees",
                "iDirectionIncrementInDegrees",
            )
        )
    lat = north - step * np.arange(rows)[::-1]
    lon = wrapped(west + step * np.arange(columns))
    return {
        "lat": xr.Variable("lat", lat.round(6), {"units": "degrees_north"}),
        "lon": xr.Variable("lon", lon.round(6), {"units": "degrees_east"}),
    }


def _frame(path: Path) -> np.ndarray:
    """Return one message; negative values are outside the radars' coverage."""
    with _message(path) as (eccodes, message):
        rows = eccodes.codes_get(message, "Nj")
        rate = eccodes.codes_get_values(message).reshape(rows, -1)[::-1]
    return np.where(rate < 0, np.nan, rate)
