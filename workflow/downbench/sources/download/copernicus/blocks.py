"""Fields that are too large for the memory: made on disk, block by block in time."""

from collections.abc import Callable, Iterator
from pathlib import Path

import xarray as xr

IN_MEMORY_BYTES, BLOCK_BYTES = 64 << 20, 16 << 20
"""Largest field that is made at once; least size of a block of a larger one."""


def by_blocks(
    values: xr.DataArray, convert: Callable[[xr.DataArray], xr.DataArray], folder: Path
) -> xr.DataArray:
    """Return what a function makes of a field, in memory or, of a large one, lazily from disk.

    Parameters
    ----------
    values
        Lazy; of a large one, time is the first dim.
    convert
        Called with a block, returns it in memory.
    folder
        Where the blocks of a large field stand.
    """
    if values.nbytes <= IN_MEMORY_BYTES:
        return convert(values)
    files = []
    for i, times in enumerate(_slices(values)):
        files.append(folder / f"block-{i}.nc")
        block = convert(values.isel(time=times)).drop_encoding()
        block.to_netcdf(files[-1], engine="netcdf4")
    blocks = [xr.open_dataarray(file, engine="netcdf4", chunks={}) for file in files]
    return xr.concat(blocks, "time", coords="minimal", compat="override", join="override")


def _slices(values: xr.DataArray) -> Iterator[slice]:
    """Yield parts of the time that end where chunks end, so that each is read once.

    None is small: checks of values expect rain in each.
    """
    times, start, stop = values.sizes["time"], 0, 0
    least = max(1, BLOCK_BYTES * times // values.nbytes)
    for size in values.chunksizes["time"]:
        stop += size
        if stop - start >= least and times - stop >= least:
            yield slice(start, stop)
            start = stop
    yield slice(start, times)
