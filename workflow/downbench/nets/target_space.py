"""Between physical units and the space that networks work in, in torch, from `transforms.json`."""

import math

import torch
from torch import Tensor, nn

from downbench.core.spatial.grids import interpolation_weights
from downbench.core.transforms import Statistics, Transforms
from downbench.core.variables import VARIABLES

DRY_MM_DAY = 0.1
SMALLEST_STD = 1e-6
SQRT_2_PI = math.sqrt(2 * math.pi)


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


def expected_physical(values: Tensor, std: Tensor, by: Statistics) -> tuple[Tensor, Tensor]:
    """Means of `physical` and of its derivative for normalised values N(values, std²), any shape.

    What is the mean of rain's root is not the root of mean rain (trap T21): an estimate that is
    still uncertain has to be averaged in physical units. Neither mean is cut anywhere, so rain
    that is zero, or below the drizzle threshold, has a slope that can bring it back.
    """
    if by.kind == "linear":
        return physical(values, by), torch.full_like(values, by.std)
    z, s = values * by.std + by.mean, (std * by.std).clamp(min=SMALLEST_STD)
    below, density = torch.special.ndtr(z / s), torch.exp(-0.5 * (z / s) ** 2) / SQRT_2_PI
    if by.kind == "log1p":
        rising = (z + s**2 / 2).exp() * torch.special.ndtr(z / s + s)
        mean = rising - below
    else:
        rising = 3 * ((z**2 + s**2) * below + z * s * density)
        mean = (z**3 + 3 * z * s**2) * below + (z**2 + 2 * s**2) * s * density
    return mean.clamp(min=0) * by.scale, rising.clamp(min=0) * (by.scale * by.std)


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
        """Return fields (…, Y, X) on the fine grid (…, y, x)."""
        return self.rows @ coarse @ self.columns.T


class TargetSpace:
    """Target variables stacked as channels, in the order of `names`.

    `absolute` ones, which are intermittent, are learned themselves, all others as departures from
    the interpolated driver (see `core.transforms`).
    """

    def __init__(self, transforms: Transforms) -> None:
        self.names = tuple(transforms.targets)
        self.statistics = tuple(transforms.targets.values())
        self.absolute = tuple(VARIABLES[name].is_intermittent for name in self.names)

    def normalise(self, target: Tensor, base: Tensor) -> Tensor:
        """(B, C, y, x) physical and its interpolated driver → normalised targets."""
        parts = [
            normalise(target[:, i] if is_absolute else target[:, i] - base[:, i], by)
            for i, (is_absolute, by) in enumerate(zip(self.absolute, self.statistics, strict=True))
        ]
        return torch.stack(parts, dim=1)

    def expected(self, values: Tensor, std: Tensor, base: Tensor) -> tuple[Tensor, Tensor]:
        """Means of `physical`, drizzle left in, and of its derivative, for uncertain values.

        Parameters
        ----------
        values : (B, C, y, x)
            Normalised means.
        std : (B, C, 1, 1) or (B, C, y, x)
            Their standard deviations, normalised.

        Returns
        -------
        Two (B, C, y, x)
            mm day-1 and K; the same per normalised unit.
        """
        parts = [
            expected_physical(values[:, i], std[:, i], by) for i, by in enumerate(self.statistics)
        ]
        means = [
            mean if is_absolute else mean + base[:, i]
            for i, (is_absolute, (mean, _)) in enumerate(zip(self.absolute, parts, strict=True))
        ]
        return torch.stack(means, dim=1), torch.stack([rising for _, rising in parts], dim=1)

    def physical(self, values: Tensor, base: Tensor) -> Tensor:
        """The inverse of `normalise`; drizzle below 0.1 mm day-1 becomes dry."""
        parts = [
            drop_drizzle(physical(values[:, i], by))
            if is_absolute
            else physical(values[:, i], by) + base[:, i]
            for i, (is_absolute, by) in enumerate(zip(self.absolute, self.statistics, strict=True))
        ]
        return torch.stack(parts, dim=1)
