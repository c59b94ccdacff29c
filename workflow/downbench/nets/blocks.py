"""Block means in torch: the operator of `core.grids.block_mean`, with gradients (trap T19)."""

import torch
from torch import Tensor

TINY = 1e-30


def to_blocks(field: Tensor, factor: int) -> Tensor:
    """Split (…, y, x) into (…, Y, factor, X, factor)."""
    *lead, rows, columns = field.shape
    return field.reshape(*lead, rows // factor, factor, columns // factor, factor)


def block_area(weights: Tensor, factor: int) -> Tensor:
    """Sum of the cells' weights in each block: (…, y, x) → (…, Y, X)."""
    return to_blocks(weights, factor).sum(dim=(-3, -1))


def block_mean(field: Tensor, factor: int, weights: Tensor) -> Tensor:
    """Weighted mean of the valid cells of each block.

    Parameters
    ----------
    field : (…, y, x)
        Any unit; NaN marks a missing cell and is left out.
    factor
        Fine cells along one side of a block.
    weights : (y, x)
        Cell areas [any unit], 0 where a cell is never to count.

    Returns
    -------
    (…, Y, X)
        Same unit and dtype; NaN where a block has no valid cell. Gradients are finite everywhere.
    """
    valid = torch.isfinite(field)
    share = weights * valid
    total = block_area(torch.where(valid, field, 0.0) * share, factor)
    area = block_area(share, factor)
    return torch.where(area > 0, total / area.clamp(min=TINY), torch.nan)


def spread(coarse: Tensor, factor: int) -> Tensor:
    """Repeat each coarse cell over its block: (…, Y, X) → (…, y, x)."""
    return coarse.repeat_interleave(factor, dim=-2).repeat_interleave(factor, dim=-1)
