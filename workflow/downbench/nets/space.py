"""Between physical units and the space that networks work in, in torch, from `transforms.json`."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from downbench.core.grids import interpolation_weights
from downbench.core.transforms import RAIN, Statistics, Transforms

DRY_MM_DAY = 0.1
SMOOTHNESS = 20.0


def normalise(values: Tensor, by: Statistics) -> Tensor:
    """Physical → normalised, any shape."""
    if by.kind == "log1p":
        values = torch.log1p(values.clamp(min=0) / by.scale)
    elif by.kind == "cbrt":
        values = (values.clamp(min=0) / by.scale) ** (1 / 3)
    return (values - by.mean) / by.std


def physical(values: Tensor, by: Statistics) -> Tensor:
    """Normalised → physical, any shape; the inverse of `normalise`, rain never negative."""
    values = values * by.std + by.mean
    if by.kind == "log1p":
        return torch.expm1(values.clamp(min=0)) * by.scale
    if by.kind == "cbrt":
        return values.clamp(min=0) ** 3 * by.scale
    return values


def smooth_physical(values: Tensor, by: Statistics) -> Tensor:
    """`physical` for losses: its gradient vanishes nowhere, also not where rain is zero.

    The cut at zero is replaced by a softplus that departs from it by less than 0.04 in
    compressed rain; drizzle is left in, for a cut has no gradient that could bring rain back.
    """
    if by.kind == "linear":
        return physical(values, by)
    compressed = F.softplus(values * by.std + by.mean, beta=SMOOTHNESS)
    return physical((compressed - by.mean) / by.std, by)


def slope(values: Tensor, by: Statistics) -> Tensor:
    """Derivative of `physical` by its argument, any shape; 0 where rain is zero."""
    if by.kind == "linear":
        return torch.full_like(values, by.std)
    compressed = (values * by.std + by.mean).clamp(min=0)
    if by.kind == "log1p":
        rising = torch.where(compressed > 0, compressed.exp(), 0.0)
    else:
        rising = 3 * compressed**2
    return rising * (by.scale * by.std)


def drop_drizzle(rain: Tensor) -> Tensor:
    """Set rain below 0.1 mm day-1 to zero: a network's small positive noise is no rain."""
    return torch.where(rain < DRY_MM_DAY, 0.0, rain)


class Upsample(nn.Module):
    """Cell-centred bilinear (B, C, Y, X) → (B, C, y, x), as `grids.upsample_bilinear`."""

    def __init__(self, shape: tuple[int, int], factor: int) -> None:
        super().__init__()
        rows, columns = (interpolation_weights(n, factor) for n in shape)
        self.register_buffer("rows", torch.tensor(rows, dtype=torch.float32), persistent=False)
        self.register_buffer(
            "columns", torch.tensor(columns, dtype=torch.float32), persistent=False
        )

    def forward(self, coarse: Tensor) -> Tensor:
        return self.rows @ coarse @ self.columns.T


class TargetSpace:
    """Target variables stacked as channels, in the order of `names`."""

    def __init__(self, transforms: Transforms) -> None:
        self.names = tuple(transforms.targets)
        self.statistics = tuple(transforms.targets.values())

    def normalise(self, target: Tensor, base: Tensor) -> Tensor:
        """(B, C, y, x) physical and its interpolated driver → normalised targets."""
        parts = [
            normalise(target[:, i] if name == RAIN else target[:, i] - base[:, i], by)
            for i, (name, by) in enumerate(zip(self.names, self.statistics, strict=True))
        ]
        return torch.stack(parts, dim=1)

    def smooth_physical(self, values: Tensor, base: Tensor) -> Tensor:
        """The inverse of `normalise` for losses, with gradients on dry cells too."""
        parts = [
            smooth_physical(values[:, i], by) + (0.0 if name == RAIN else base[:, i])
            for i, (name, by) in enumerate(zip(self.names, self.statistics, strict=True))
        ]
        return torch.stack(parts, dim=1)

    def slope(self, values: Tensor) -> Tensor:
        """Derivative of `physical` (drizzle left in) by normalised values, (B, C, y, x)."""
        parts = [slope(values[:, i], by) for i, by in enumerate(self.statistics)]
        return torch.stack(parts, dim=1)

    def physical(self, values: Tensor, base: Tensor) -> Tensor:
        """The inverse of `normalise`; drizzle below 0.1 mm day-1 becomes dry."""
        parts = [
            drop_drizzle(physical(values[:, i], by))
            if name == RAIN
            else physical(values[:, i], by) + base[:, i]
            for i, (name, by) in enumerate(zip(self.names, self.statistics, strict=True))
        ]
        return torch.stack(parts, dim=1)
