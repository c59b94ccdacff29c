"""Block means and interpolation between a fine grid and the coarse grid it nests in.

All functions work on numpy arrays whose last two axes are (y, x) or (Y, X), in physical space.
The block mean here is the coarsening operator of the project: the perfect driver, the checks of
laws and the pooled scores all use it. Two more have to give the same numbers: `nets.blocks` in
torch, for losses and constraints, and `sources.synthetic.grid_blocks` in matrices, for the weather
generator (trap T19).
"""

import numpy as np
import xarray as xr
from scipy import ndimage

from downbench.core.errors import UserError

SAMPLED_TIMES = 50


def to_blocks(field: np.ndarray, factor: int) -> np.ndarray:
    """Split (…, y, x) into (…, Y, factor, X, factor); a view where numpy can give one."""
    *lead, rows, columns = field.shape
    if rows % factor or columns % factor:
        raise UserError(
            f"a fine grid of {rows} × {columns} cells cannot be divided into blocks of "
            f"{factor} × {factor}: crop it to multiples of {factor}"
        )
    return field.reshape(*lead, rows // factor, factor, columns // factor, factor)


def block_mean(field: np.ndarray, factor: int, weights: np.ndarray | None = None) -> np.ndarray:
    """Return the area-weighted mean of the valid cells of each block.

    Parameters
    ----------
    field : (…, y, x)
        Any unit; NaN marks a missing cell and is left out of its block's mean.
    factor
        Fine cells along one side of a block.
    weights : (y, x), optional
        Cell areas [m2] or any positive weights; equal weights when absent.

    Returns
    -------
    (…, Y, X)
        Block means in float64-accurate arithmetic, dtype of `field`; NaN where a block has
        no valid cell.

    Raises
    ------
    UserError
        When the grid is not a multiple of the block size.
    """
    if weights is None:
        weights = np.ones(field.shape[-2:])
    valid = np.isfinite(field)
    weighted = np.where(valid, field, 0.0).astype(np.float64) * weights
    total = to_blocks(weighted, factor).sum(axis=(-3, -1))
    if valid.all():
        area = to_blocks(np.asarray(weights, np.float64), factor).sum(axis=(-3, -1))
    else:
        area = to_blocks(valid * np.asarray(weights, np.float64), factor).sum(axis=(-3, -1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(area > 0, total / area, np.nan).astype(field.dtype, copy=False)


def upsample_nearest(coarse: np.ndarray, factor: int) -> np.ndarray:
    """Repeat each coarse cell over its block: (…, Y, X) → (…, y, x); keeps block means."""
    return coarse.repeat(factor, axis=-2).repeat(factor, axis=-1)


def upsample_bilinear(coarse: np.ndarray, factor: int) -> np.ndarray:
    """Interpolate bilinearly between cell centres, constant over the outer half cell.

    Parameters
    ----------
    coarse : (…, Y, X)
        Any unit. A missing (NaN) cell takes the value of its nearest valid neighbour first, so
        that a coast does not remove its neighbours; mask the result with the valid cells of the
        fine grid.

    Returns
    -------
    (…, y, x)
        Same unit. Block means are not kept exactly.
    """
    filled = fill_from_nearest(coarse)
    rows = interpolation_weights(coarse.shape[-2], factor)
    columns = interpolation_weights(coarse.shape[-1], factor)
    return np.einsum("yY,...YX,xX->...yx", rows, filled, columns, optimize=True).astype(
        coarse.dtype, copy=False
    )


def interpolation_weights(cells: int, factor: int) -> np.ndarray:
    """Return weights (fine, coarse) of linear interpolation between cell centres."""
    centres = np.clip((np.arange(cells * factor) + 0.5) / factor - 0.5, 0, cells - 1)
    return np.maximum(0.0, 1.0 - np.abs(centres[:, None] - np.arange(cells)[None, :]))


def fill_from_nearest(field: np.ndarray) -> np.ndarray:
    """Give missing cells (NaN) of (…, y, x) the value of the nearest valid cell of that field.

    A field with no valid cell at all stays missing.
    """
    missing = np.isnan(field)
    if not missing.any():
        return field
    filled = field.copy()
    flat, holes = filled.reshape(-1, *field.shape[-2:]), missing.reshape(-1, *field.shape[-2:])
    nearest: dict[bytes, tuple[np.ndarray, ...]] = {}
    for layer, hole in zip(flat, holes, strict=True):
        if not hole.any() or hole.all():
            continue
        key = hole.tobytes()
        if key not in nearest:
            nearest[key] = tuple(
                ndimage.distance_transform_edt(hole, return_distances=False, return_indices=True)
            )
        layer[...] = layer[nearest[key]]

    return filled


def valid_cells(field: xr.DataArray) -> np.ndarray:
    """Return where a field (time, y, x) ever has a value, (y, x) bool; samples some 50 times."""
    stride = max(1, field.sizes["time"] // SAMPLED_TIMES)
    return np.isfinite(field.isel(time=slice(None, None, stride)).values).any(axis=0)
