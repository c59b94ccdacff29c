"""MRMS rates of precipitation over the United States: GRIB2, one message a file."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import xarray as xr

from downbench.core.errors import UserError
from downbench.sources.originals.frames import stacked

CELL = 0.01
SHAPE = (3500, 7000)
SOUTH, WEST = 20.0, -130.0
"""Side of a cell and corner of the grid [degrees]."""


def read(paths: Sequence[Path], name: str, units: str) -> xr.DataArray:
    """Return rain rate on (time, lat, lon) [mm h-1]; rows run from south to north."""
    coords = {"lat": _centres("lat", SOUTH, SHAPE[0]), "lon": _centres("lon", WEST, SHAPE[1])}
    return stacked(paths, _frame, [_time(path) for path in paths], coords)


def _centres(axis: str, first: float, size: int) -> xr.Variable:
    units = {"lat": "degrees_north", "lon": "degrees_east"}[axis]
    return xr.Variable(axis, first + CELL * (np.arange(size) + 0.5), {"units": units})


def _time(path: Path) -> np.datetime64:
    return np.datetime64(datetime.strptime(path.name[-21:-6], "%Y%m%d-%H%M%S"))


def _frame(path: Path) -> np.ndarray:
    """Return one message; negative values are outside the radars' coverage."""
    try:
        import eccodes
    except ImportError:
        raise UserError(f"{path.name} is GRIB, which needs eccodes: pip install eccodes") from None
    with path.open("rb") as opened:
        message = eccodes.codes_grib_new_from_file(opened)
        rate = eccodes.codes_get_values(message).reshape(SHAPE)[::-1]
        eccodes.codes_release(message)
    return np.where(rate < 0, np.nan, rate)
