"""What a network sees of the coarse world, on the fine grid: the same for all learned models."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from downbench.core.transforms import Transforms
from downbench.nets.cell_regression import CellRegression
from downbench.nets.fields import NetworkFields
from downbench.nets.target_space import TargetSpace, Upsample, normalise

LARGEST_REGRESSOR = 3.0
"""In standard deviations: a regression is not extrapolated beyond the weather it was fitted on."""


@dataclass(frozen=True)
class Condition:
    """What a network sees.

    image : (B, F, y, x) input channels
    base : (B, C, y, x) what the regression of every cell expects [mm day-1, K]; the interpolated
        driver without it
    origin : (B, C, y, x) what it expects of normalised targets, departures from `base` apart, or 0
    """

    image: Tensor
    base: Tensor
    origin: Tensor | float = 0.0


class Conditioning(nn.Module):
    """NetworkFields → `Condition`.

    Channels: every predictor interpolated bilinearly, the target's own coarse variables once
    more cell by cell (so that the block mean is seen), where the driver is valid, the static
    layers, the place inside the block, the season, and `position_channels` learned maps, which
    stand for whatever else is particular to a place; with `regressed`, what the linear regression
    of every cell expects as well.
    """

    def __init__(
        self,
        transforms: Transforms,
        static: np.ndarray,
        *,
        seasonal: bool,
        position_channels: int,
        regressed: bool = False,
    ) -> None:
        super().__init__()
        self.factor = transforms.factor
        self.statistics = tuple(transforms.predictors.values())
        names = list(transforms.predictors)
        self.own = [names.index(name) for name in transforms.targets]
        shape = static.shape[-2:]
        self.up = Upsample((shape[0] // self.factor, shape[1] // self.factor), self.factor)
        self.register_buffer("static", torch.from_numpy(static), persistent=True)
        self.register_buffer("place", _place_in_block(shape, self.factor), persistent=False)
        self.position = nn.Parameter(0.1 * torch.randn(position_channels, *shape))
        self.seasonal = seasonal
        regressors = 1 + 2 * seasonal + len(names)
        space = TargetSpace(transforms)
        self.regression = CellRegression(space, regressors, shape) if regressed else None
        self.channels = (
            len(names)
            + len(self.own) * (1 + regressed)
            + 1
            + len(static)
            + 4
            + 2 * seasonal
            + position_channels
        )

    def forward(self, fields: NetworkFields) -> Condition:
        """Return the input channels on the fine grid."""
        scaled = self._scaled(fields)
        interpolated, base = self.up(scaled), self.up(fields.coarse[:, self.own])
        constant = torch.cat([self.static, self.place, self.position])
        parts = [
            interpolated,
            self._cells(scaled[:, self.own]),
            self._cells(fields.valid),
            constant.expand(len(fields), *constant.shape),
        ]
        if self.seasonal:
            parts.append(self._season(fields))
        if self.regression is None:
            return Condition(torch.cat(parts, dim=1), base)
        inputs, origin, base = self.regression(self._regressors(interpolated, fields), base)
        return Condition(torch.cat([*parts, inputs], dim=1), base, origin)

    def fit_regression(self, fields: NetworkFields) -> None:
        """Fit the regression of every cell, if there is one, to training days."""

        def regressors(days: NetworkFields) -> tuple[Tensor, Tensor]:
            interpolated = self.up(self._scaled(days))
            return self._regressors(interpolated, days), self.up(days.coarse[:, self.own])

        if self.regression is not None:
            self.regression.fit(fields, regressors)

    def _regressors(self, interpolated: Tensor, fields: NetworkFields) -> Tensor:
        """Return 1, the season and the predictors (B, P, y, x)."""
        bounded = interpolated.clamp(-LARGEST_REGRESSOR, LARGEST_REGRESSOR)
        parts = [torch.ones_like(bounded[:, :1]), bounded]
        if self.seasonal:
            parts.append(self._season(fields))
        return torch.cat(parts, dim=1)

    def _scaled(self, fields: NetworkFields) -> Tensor:
        return torch.stack(
            [normalise(fields.coarse[:, i], by) for i, by in enumerate(self.statistics)], dim=1
        )

    def _season(self, fields: NetworkFields) -> Tensor:
        return fields.season[:, :, None, None].expand(-1, 2, *self.static.shape[-2:])

    def _cells(self, coarse: Tensor) -> Tensor:
        return F.interpolate(coarse, scale_factor=self.factor, mode="nearest")


def _place_in_block(shape: tuple[int, int], factor: int) -> Tensor:
    """(4, y, x): sine and cosine of the place inside the block along y and along x."""
    angles = [2 * torch.pi * ((torch.arange(n) % factor) + 0.5) / factor for n in shape]
    rows, columns = torch.meshgrid(*angles, indexing="ij")
    return torch.stack([rows.sin(), rows.cos(), columns.sin(), columns.cos()])
