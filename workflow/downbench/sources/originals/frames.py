"""Images of rain, one a file and time, as one lazy field."""

from collections.abc import Callable, Sequence
from pathlib import Path

import dask
import dask.array as da
import numpy as np
import xarray as xr


def stacked(
    paths: Sequence[Path],
    image: Callable[[Path], np.ndarray],
    times: Sequence[np.datetime64],
    coords: dict[str, xr.Variable],
) -> xr.DataArray:
    """Return frames on (time, *coords) [mm h-1], each read when it is needed.

    Frames in one folder are one `event(time)`, counted from 1.

    Parameters
    ----------
    image
        Returns the frame of a file, NaN where missing, on the two axes of `coords`.
    coords
        Rows and columns, ascending.
    """
    shape = tuple(axis.size for axis in coords.values())
    read = dask.delayed(image)
    frames = [da.from_delayed(read(path), shape, np.float64) for path in paths]
    folders = [str(path.parent) for path in paths]
    events = (np.unique(folders, return_inverse=True)[1] + 1).astype(np.int16)
    stamps = np.array(times, "datetime64[ns]")
    return xr.DataArray(
        da.stack(frames),
        dims=("time", *coords),
        coords={"time": stamps, **coords, "event": ("time", events)},
        attrs={"standard_name": "lwe_precipitation_rate", "units": "mm h-1"},
    )


def metres(axis: str, first: float, step: float, size: int) -> xr.Variable:
    """Return the cell centres of a projected axis `x` or `y` [m]."""
    attributes = {"standard_name": f"projection_{axis}_coordinate", "units": "m"}
    return xr.Variable(axis, first + step * (np.arange(size) + 0.5), attributes)
