"""What losses and heads share: means over valid cells, and a positive rain mean."""

import torch
from torch import Tensor
from torch.nn import functional as F

RAIN_FLOOR_MM_DAY = 0.5


def masked_mean(loss: Tensor, target: Tensor, weights: Tensor) -> Tensor:
    """Weighted mean of `loss` (B, y, x) over the cells where `target` is not missing."""
    share = weights * torch.isfinite(target)
    return (loss * share).sum() / share.sum().clamp(min=1e-12)


def softplus_scaled(raw: Tensor, base: Tensor) -> Tensor:
    """A positive rain mean [mm day-1] from a raw channel and the interpolated driver."""
    return F.softplus(raw) * (base.clamp(min=0) + RAIN_FLOOR_MM_DAY)
