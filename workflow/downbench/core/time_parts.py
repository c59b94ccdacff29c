"""Series in parts along time: small ones are held, large ones are read again part by part."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

import numpy as np
import xarray as xr

from downbench.core import compute

Data = TypeVar("Data", xr.DataArray, xr.Dataset)

HELD_BYTES = 2**26
"""A series up to this size is held in memory."""

PART_BYTES = 2**23
"""Size of the parts of a larger one."""

LONGEST = 8
"""A part may be so many times larger where the file is compressed in long chunks."""


def slices(times: int, size: int, limit: int, multiple: int = 1) -> Iterator[slice]:
    """Yield slices that follow each other along time.

    Parameters
    ----------
    times, size
        Number of all times, and of all values or bytes.
    limit
        Number of values or bytes that a slice may have, unless a single time has more.
    multiple
        Slices begin at multiples of so many times.
    """
    step = multiple * _times(times, multiple * size, limit)
    return (slice(start, start + step) for start in range(0, times, step))


def _times(times: int, size: int, limit: int) -> int:
    """Return how many times have at most `limit` of all `size` values or bytes; at least one."""
    return max(1, limit * times // max(1, size))


def is_large(fields: Sequence[xr.DataArray]) -> bool:
    """Return whether the files of one series are too large together to be held in memory."""
    return "time" in fields[0].dims and sum(field.nbytes for field in fields) > HELD_BYTES


def in_parts(field: xr.DataArray) -> xr.DataArray:
    """Return a field whose values are computed in parts along time, which agree with its file."""
    days = _times(field.sizes["time"], field.nbytes, PART_BYTES)
    of_file = field.encoding.get("preferred_chunks", {}).get("time", 1)
    return field.chunk(time=days // of_file * of_file or min(of_file, LONGEST * days))


def along_time(field: xr.DataArray) -> Iterator[xr.DataArray]:
    """Yield the loaded parts of a field, in order; one part of a field without time."""
    if "time" not in field.dims:
        yield compute.loaded(field)
    elif field.chunks is None:
        parts = slices(field.sizes["time"], field.nbytes, PART_BYTES)
        yield from (field.isel(time=part) for part in parts)
    else:
        ends = np.cumsum([0, *field.chunksizes["time"]])
        parts = (field.isel(time=slice(start, end)) for start, end in pairwise(ends))
        yield from compute.ahead(map(compute.loaded, parts))


def whole_grid(data: Data) -> Data:
    """Return data whose parts, if there are several, follow each other along time alone."""
    dims = [dim for dim in data.dims if dim != "time"]
    return data.chunk(dict.fromkeys(dims, -1)) if data.chunks else data


def mapped(
    field: xr.DataArray, function: Callable[[np.ndarray], np.ndarray], dtype: type
) -> xr.DataArray:
    """Return a field with a function of its values, which is applied to each part when needed."""
    if field.chunks is None:
        return field.copy(data=function(field.values))
    return field.copy(data=field.data.map_blocks(function, dtype=dtype, meta=np.empty(0, dtype)))


def on_other_grid(
    field: xr.DataArray,
    function: Callable[[np.ndarray], np.ndarray],
    dims: tuple[str, ...],
    shape: tuple[int, int],
) -> xr.Variable:
    """Return a function of the values that changes their grid, applied to each part when needed.

    Parameters
    ----------
    field : (time, …, …)
        Parts, if there are several, follow each other along time.
    function
        Returns float32 of the same times and of `shape`.
    dims
        Of what is returned.
    """
    if field.chunks is None:
        return xr.Variable(dims, function(field.values), field.attrs)
    chunks = (field.chunks[0], *((size,) for size in shape))
    meta = np.empty((0,) * len(dims), np.float32)
    data = field.data.map_blocks(function, dtype=np.float32, chunks=chunks, meta=meta)
    return xr.Variable(dims, data, field.attrs)
