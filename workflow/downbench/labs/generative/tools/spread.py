"""Spread of an ensemble against its error, measured on days that nothing was fitted to.

A residual is learned on days that the mean network was trained on too, where it errs less than on
new ones: on small data the members are too narrow. Validation days show by how much.
"""

import torch
from torch import Tensor


def error_over_spread(members: Tensor, target: Tensor, weights: Tensor) -> Tensor:
    """Return the factor on the members' departures that matches their error, per variable.

    The inverse of the unbiased spread–skill ratio (Fortin et al. 2014): averages of squares come
    before the root, and the error of a mean of M members is freed of its sampling share.

    Parameters
    ----------
    members : (M, B, C, y, x)
        At least two members.
    target : (B, C, y, x)
        NaN where missing.
    weights : (y, x)
        Cell weights; 0 where the grid has no data.

    Returns
    -------
    (C,)
        Factors [1]; 1 where an ensemble has no spread at all.
    """
    valid = torch.isfinite(target) * weights
    squared = (members.mean(dim=0) - target.nan_to_num()) ** 2
    error, spread = (
        (field * valid).sum(dim=(0, 2, 3)) / valid.sum(dim=(0, 2, 3)).clamp(min=1e-12)
        for field in (squared, members.var(dim=0))
    )
    count = len(members)
    factor = (error / ((count + 1) / count * spread)).sqrt()
    return torch.where(spread > 0, factor, 1.0)
