"""The regression UNet: conditional means, shared by `unet`, `unet-dressed` and `corrdiff`."""

from dataclasses import dataclass

import numpy as np
from torch import Tensor, nn

from downbench.core.transforms import RAIN, Transforms
from downbench.nets.architecture import Architecture
from downbench.nets.conditioning import Condition, Conditioning
from downbench.nets.fields import Fields
from downbench.nets.losses import RAIN_FLOOR_MM_DAY, masked_mean, softplus_scaled
from downbench.nets.space import TargetSpace
from downbench.nets.unet import UNet


@dataclass(frozen=True)
class Means:
    """normalised : (B, C, y, x) means of normalised targets; rain : (B, y, x) [mm day-1] or None.

    The mean of transformed rain is not the transform of mean rain (trap T21), so rain has both.
    """

    normalised: Tensor
    rain: Tensor | None


RAIN_DISPERSION_MM_DAY = 10.0


def variance_of_rain(expected: Tensor) -> Tensor:
    """Rough variance of rain [mm2 day-2] about its mean, for weighing errors.

    Proportional to the interpolated driver [mm day-1], as in a quasi-Poisson regression. Weights
    that depend on the input alone leave the conditional mean where it is; weights that depend on
    the target would move it.
    """
    return RAIN_DISPERSION_MM_DAY * (expected + RAIN_FLOOR_MM_DAY)


class MeanNetwork(nn.Module):
    """Predicts E[z | driver] of every target variable and, of rain, E[pr | driver] as well."""

    def __init__(
        self, conditioning: Conditioning, space: TargetSpace, weights: Tensor, backbone: dict
    ) -> None:
        super().__init__()
        self.conditioning, self.space = conditioning, space
        self.register_buffer("weights", weights, persistent=True)
        outputs = len(space.names) + (RAIN in space.names)
        self.unet = UNet(conditioning.channels, outputs, **backbone)

    def forward(self, condition: Condition) -> Means:
        raw = self.unet(condition.image)
        count = len(self.space.names)
        if RAIN not in self.space.names:
            return Means(raw, None)
        base = condition.base[:, self.space.names.index(RAIN)]
        return Means(raw[:, :count], softplus_scaled(raw[:, count], base))

    def loss(self, fields: Fields) -> Tensor:
        """Sum of mean squared errors, each in units of its variable's variance."""
        condition = self.conditioning(fields)
        means = self(condition)
        wanted = self.space.normalise(fields.target, condition.base)
        total = sum(
            masked_mean(
                (means.normalised[:, i] - wanted[:, i].nan_to_num()) ** 2,
                wanted[:, i],
                self.weights,
            )
            for i in range(len(self.space.names))
        )
        if means.rain is None:
            return total
        index = self.space.names.index(RAIN)
        rain, expected = fields.target[:, index], condition.base[:, index].clamp(min=0)
        error = (means.rain - rain.nan_to_num()) ** 2
        return total + masked_mean(error / variance_of_rain(expected), rain, self.weights)

    def physical(self, fields: Fields) -> Tensor:
        """Deterministic prediction (B, C, y, x) in mm day-1 and K."""
        condition = self.conditioning(fields)
        means = self(condition)
        values = self.space.physical(means.normalised, condition.base)
        if means.rain is not None:
            values[:, self.space.names.index(RAIN)] = means.rain
        return values


def build(
    architecture: Architecture,
    transforms: Transforms,
    static: np.ndarray | None = None,
    weights: Tensor | None = None,
) -> MeanNetwork:
    """A new mean network; static layers and cell weights may come later, with its weights."""
    return MeanNetwork(
        architecture.conditioning(transforms, static),
        TargetSpace(transforms),
        architecture.cells if weights is None else weights,
        architecture.backbone,
    )
