"""Between physical units and the space that networks work in, in torch, from `transforms.json`."""

import torch
from torch import Tensor, nn

from downbench.core.grids import interpolation_weights
from downbench.core.transforms import RAIN, Statistics, Transforms

DRY_MM_DAY = 0.1


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

    def physical(self, values: Tensor, base: Tensor) -> Tensor:
        """The inverse of `normalise`; drizzle below 0.1 mm day-1 becomes dry."""
        parts = [
            drop_drizzle(physical(values[:, i], by))
            if name == RAIN
            else physical(values[:, i], by) + base[:, i]
            for i, (name, by) in enumerate(zip(self.names, self.statistics, strict=True))
        ]
        return torch.stack(parts, dim=1)
