"""Computation on the series of each cell, a few rows of the grid at a time, in parallel."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
import xarray as xr

from downbench.core import compute

BYTES_AT_ONCE = 2**24
GRID = ("Y", "X")


def by_cells(
    function: Callable[..., tuple[np.ndarray, ...]],
    arrays: Sequence[xr.DataArray],
    outputs: Sequence[Sequence[str]],
    sizes: Mapping[str, int],
) -> tuple[xr.DataArray, ...]:
    """Call `function` on parts of the grid, in parallel, and put the results together.

    Parameters
    ----------
    function
        Takes one array (cells, …) per input and gives one float32 array (cells, …) per output.
    arrays
        Data on (…, Y, X), in memory or lazy; `function` gets them with the grid first.
    outputs
        Dimensions of each output besides the grid, in order.
    sizes
        Lengths of these dimensions.

    Returns
    -------
    In memory, each on its dimensions of `outputs` and (Y, X).
    """
    grid = tuple(arrays[0].sizes[d] for d in GRID)
    results = [np.empty((*(sizes[d] for d in dims), *grid), np.float32) for dims in outputs]

    step = min(map(_rows_at_once, arrays))
    rows = [slice(start, start + step) for start in range(0, grid[0], step)]
    parts = ([array.isel(Y=chunk) for array in arrays] for chunk in rows)
    for chunk, computed in zip(rows, compute.each(partial(_apply, function), parts), strict=True):
        for out, part in zip(results, computed, strict=True):
            shape = (*out.shape[:-2], -1, grid[1])
            out[..., chunk, :] = np.moveaxis(part, 0, -1).reshape(shape)

    return tuple(
        xr.DataArray(out, dims=(*dims, *GRID)) for out, dims in zip(results, outputs, strict=True)
    )


def _apply(
    function: Callable[..., tuple[np.ndarray, ...]], arrays: Sequence[xr.DataArray]
) -> tuple[np.ndarray, ...]:
    return function(*map(_rows, arrays))


def _rows(array: xr.DataArray) -> np.ndarray:
    """Return (…, Y, X) as (Y · X, …), contiguous: the series of each cell is one block."""
    values = array.transpose(*GRID, ...).values
    return np.ascontiguousarray(values.reshape(-1, *values.shape[2:]))


def _rows_at_once(array: xr.DataArray) -> int:
    per_row = array.dtype.itemsize * array.size // max(array.sizes["Y"], 1)
    return max(1, BYTES_AT_ONCE // max(per_row, 1))
