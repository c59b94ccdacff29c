"""Composites of the Finnish Meteorological Institute: gzipped PGM images of reflectivity."""

import gzip
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import xarray as xr
from PIL import Image

from downbench.sources.originals.frames import metres, stacked

SHAPE = (1226, 760)
CELL_M = {"y": 999.62859, "x": 999.674053}
MISSING = 255
LEAST_MM_H = 0.02
"""Lower rates count as dry."""


def read(paths: Sequence[Path], name: str, units: str) -> xr.DataArray:
    """Return rain rate on (time, y, x) [mm h-1]; rows run from south to north."""
    axes = zip(("y", "x"), SHAPE, strict=True)
    coords = {axis: metres(axis, 0.0, CELL_M[axis], size) for axis, size in axes}
    return stacked(paths, _frame, [_time(path) for path in paths], coords)


def _time(path: Path) -> np.datetime64:
    return np.datetime64(datetime.strptime(path.name[:12], "%Y%m%d%H%M"))


def _frame(path: Path) -> np.ndarray:
    """Return rain rate by Z = 223 R^1.53, with reflectivity in half dBZ from -32."""
    with gzip.open(path) as opened, Image.open(opened) as image:
        number = np.asarray(image)[::-1]
    dbz = np.where(number == MISSING, np.nan, (number - 64.0) / 2.0)
    rate = (10.0 ** (dbz / 10.0) / 223.0) ** (1 / 1.53)
    return np.where(rate < LEAST_MM_H, 0.0, rate)
