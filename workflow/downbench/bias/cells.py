"""Computes on series cell by cell, a few rows of the grid at a time, with dask."""

from collections.abc import Callable, Mapping, Sequence

import dask
import numpy as np
import xarray as xr

BYTES_AT_ONCE = 2**24
GRID = ("Y", "X")


def by_cells(
    function: Callable[..., tuple[np.ndarray, ...]],
    arrays: Sequence[xr.DataArray],
    inputs: Sequence[Sequence[str]],
    outputs: Sequence[Sequence[str]],
    sizes: Mapping[str, int],
) -> tuple[xr.DataArray, ...]:
    """Call `function` on parts of the grid, in parallel, and put the results together.

    Parameters
    ----------
    function
        Takes one array (Y, X, …) per input and gives one float32 array (Y, X, …) per output.
    arrays
        Data on (…, Y, X), lazy or in memory.
    inputs, outputs
        Dimensions of each beside the grid, in the order that `function` has them in.
    sizes
        Lengths of dimensions that no input has.

    Returns
    -------
    In memory, each on its dimensions of `outputs` and (Y, X).
    """
    rows = min(map(_rows_at_once, arrays))
    made = xr.apply_ufunc(
        function,
        *(array.chunk({d: rows if d == "Y" else -1 for d in array.dims}) for array in arrays),
        input_core_dims=list(map(list, inputs)),
        output_core_dims=list(map(list, outputs)),
        dask="parallelized",
        output_dtypes=[np.float32] * len(outputs),
        dask_gufunc_kwargs={"output_sizes": dict(sizes)},
    )
    computed = dask.compute(*(made if len(outputs) > 1 else (made,)))

    return tuple(one.transpose(*dims, *GRID) for one, dims in zip(computed, outputs, strict=True))


def _rows_at_once(array: xr.DataArray) -> int:
    per_row = array.dtype.itemsize * array.size // max(array.sizes["Y"], 1)
    return max(1, min(array.sizes["Y"], BYTES_AT_ONCE // max(per_row, 1)))


def as_rows(array: np.ndarray) -> np.ndarray:
    """(Y, X, …) → (Y · X, …), contiguous: a cell's series lies in one piece."""
    return np.ascontiguousarray(array.reshape(-1, *array.shape[2:]))
