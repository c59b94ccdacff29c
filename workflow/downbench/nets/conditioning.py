"""What a network sees of the coarse world, on the fine grid: the same for all learned models."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from downbench.core.transforms import Transforms
from downbench.nets.fields import NetworkFields
from downbench.nets.target_space import Upsample, normalise


@dataclass(frozen=True)
class Condition:
    """image : (B, F, y, x) input channels; base : (B, C, y, x) interpolated driver, physical."""

    image: Tensor
    base: Tensor


class Conditioning(nn.Module):
    """NetworkFields → `Condition`.

    Channels: every predictor interpolated bilinearly, the target's own coarse variables once
    more cell by cell (so that the block mean is seen), where the driver is valid, the static
    layers, the place inside the block, the season, and `position_channels` learned maps, which
    stand for whatever else is particular to a place.
    """

    def __init__(
        self,
        transforms: Transforms,
        static: np.ndarray,
        *,
        seasonal: bool,
        position_channels: int,
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
        self.channels = (
            len(names) + len(self.own) + 1 + len(static) + 4 + 2 * seasonal + position_channels
        )

    def forward(self, fields: NetworkFields) -> Condition:
        """Return the input channels on the fine grid."""
        scaled = torch.stack(
            [normalise(fields.coarse[:, i], by) for i, by in enumerate(self.statistics)], dim=1
        )
        count, shape = len(fields), self.static.shape[-2:]
        constant = torch.cat([self.static, self.place, self.position])
        parts = [
            self.up(scaled),
            self._cells(scaled[:, self.own]),
            self._cells(fields.valid),
            constant.expand(count, *constant.shape),
        ]
        if self.seasonal:
            parts.append(fields.season[:, :, None, None].expand(count, 2, *shape))
        return Condition(torch.cat(parts, dim=1), self.up(fields.coarse[:, self.own]))

    def _cells(self, coarse: Tensor) -> Tensor:
        return F.interpolate(coarse, scale_factor=self.factor, mode="nearest")


def _place_in_block(shape: tuple[int, int], factor: int) -> Tensor:
    """(4, y, x): sine and cosine of the place inside the block along y and along x."""
    angles = [2 * torch.pi * ((torch.arange(n) % factor) + 0.5) / factor for n in shape]
    rows, columns = torch.meshgrid(*angles, indexing="ij")
    return torch.stack([rows.sin(), rows.cos(), columns.sin(), columns.cos()])
