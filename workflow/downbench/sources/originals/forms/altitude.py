"""Altitude of the globe at 5 arc-minutes, `pvlib/data/Altitude.h5` of pvlib-python."""

from collections.abc import Sequence
from pathlib import Path

import netCDF4
import numpy as np
import xarray as xr

from downbench.sources.originals.one_file import only

FACTOR = 3
"""Cells along one side of a cell of 0.25 degrees."""

STEP_M, LOWEST_M, MISSING = 28.0, -450.0, 255


def read(paths: Sequence[Path], name: str, units: str) -> xr.DataArray:
    """Return means over cells of 0.25 degrees (lat, lon): `orog` [m] or `sftlf` [%].

    Below sea level `orog` is 0; `sftlf` is the share of cells above.
    """
    altitude = _altitude(only(paths))
    values = altitude.clip(min=0.0) if name == "orog" else 100.0 * (altitude > 0)
    rows, columns = (size // FACTOR for size in values.shape)
    means = values.reshape(rows, FACTOR, columns, FACTOR).mean((1, 3))
    coords = {
        "lat": xr.Variable("lat", _centres(rows, 180.0), {"units": "degrees_north"}),
        "lon": xr.Variable("lon", _centres(columns, 360.0), {"units": "degrees_east"}),
    }
    return xr.DataArray(means, coords, ("lat", "lon"), attrs={"units": units})


def _altitude(path: Path) -> np.ndarray:
    """Return altitude from south to north and west to east [m]; without data it is 0."""
    with netCDF4.Dataset(path) as file:
        file.set_auto_mask(False)
        number = file["Altitude"][::-1]
    return np.where(number == MISSING, 0.0, number * STEP_M + LOWEST_M)


def _centres(size: int, span: float) -> np.ndarray:
    return (np.arange(size) + 0.5) * span / size - span / 2
