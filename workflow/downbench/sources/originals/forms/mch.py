"""MeteoSwiss composites of rain, product AQC: GIF images of sums over 5 minutes."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import xarray as xr
from PIL import Image

from downbench.sources.originals.frames import metres, stacked

FRAMES_PER_HOUR = 12
SHAPE = (640, 710)
SOUTH_M, WEST_M, CELL_M = -160_000.0, 255_000.0, 1000.0
"""Corner of the Swiss radar domain in the projection CH1903 / LV03, and side of its cells [m]."""


def read(paths: Sequence[Path], name: str, units: str) -> xr.DataArray:
    """Return rain rate on (time, y, x) [mm h-1]; rows run from south to north."""
    coords = {
        "y": metres("y", SOUTH_M, CELL_M, SHAPE[0]),
        "x": metres("x", WEST_M, CELL_M, SHAPE[1]),
    }
    return stacked(paths, _frame, [_time(path) for path in paths], coords)


def _time(path: Path) -> np.datetime64:
    """Return the end of the five minutes, from a name such as AQC151351545F_00005.801.gif."""
    return np.datetime64(datetime.strptime(path.name[3:12], "%y%j%H%M"))


def _frame(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return _rates()[np.asarray(image)][::-1] * FRAMES_PER_HOUR


def _rates() -> np.ndarray:
    """Return the sum of each class (256,) [mm]; Z = 316 R^1.5, as in `pysteps.io.importers`."""
    number = np.arange(256)
    depth = (10.0 ** ((number - 71.5) / 20.0) / 316.0) ** (1 / 1.5)
    depth[(number < 2) | (number > 250)] = 0.0
    depth[255] = np.nan
    return depth
