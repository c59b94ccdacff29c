"""MRMS rates of precipitation over the United States: GRIB2, one message a file."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import xarray as xr

from downbench.sources import grib_message
from downbench.sources.originals.frames import stacked


def read(paths: Sequence[Path], name: str, units: str) -> xr.DataArray:
    """Return rain rate on (time, lat, lon) [mm h-1]; rows run from south to north."""
    first = _field(paths[0])
    grid = {axis: first[axis].variable for axis in ("lat", "lon")}
    return stacked(paths, _frame, [_time(path) for path in paths], grid)


def _time(path: Path) -> np.datetime64:
    return np.datetime64(datetime.strptime(path.name[-21:-6], "%Y%m%d-%H%M%S"))


def _field(path: Path) -> xr.DataArray:
    return grib_message.field(path.read_bytes(), path.name)


def _frame(path: Path) -> np.ndarray:
    """Return one frame; negative values are outside the radars' coverage."""
    rate = _field(path).values
    return np.where(rate < 0, np.nan, rate)
