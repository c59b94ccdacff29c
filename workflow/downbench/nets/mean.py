"""The regression UNet: conditional means, shared by `unet`, `unet-dressed` and `corrdiff`."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from torch import Tensor, nn

from downbench.core.transforms import Transforms
from downbench.core.variables import RAIN
from downbench.nets.architecture import Architecture
from downbench.nets.conditioning import Condition, Conditioning
from downbench.nets.fields import NetworkFields
from downbench.nets.losses import RAIN_FLOOR_MM_DAY, masked_mean, softplus_scaled
from downbench.nets.target_space import TargetSpace
from downbench.nets.unet import UNet


@dataclass(frozen=True)
class NormalisedMeans:
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


# (values (B, C, y, x), block means (B, C, Y, X), cell weights (y, x)) → values, mm day-1 and K
Layer = Callable[[Tensor, Tensor, Tensor], Tensor]
# (values, fields, cell weights, progress) → scalar
Penalty = Callable[[Tensor, NetworkFields, Tensor, float], Tensor]


class MeanNetwork(nn.Module):
    """Predicts E[z | driver] of every target variable and, of rain, E[pr | driver] as well.

    A layer changes what it predicts in physical units, in the loss as in sampling; a penalty adds
    to the loss what the prediction violates. Both come from `physics`, and neither has weights.
    """

    def __init__(
        self,
        conditioning: Conditioning,
        space: TargetSpace,
        weights: Tensor,
        backbone: dict,
        layer: Layer | None = None,
        penalty: Penalty | None = None,
    ) -> None:
        super().__init__()
        self.conditioning, self.space = conditioning, space
        self.layer, self.penalty = layer, penalty
        self.register_buffer("weights", weights, persistent=True)
        outputs = len(space.names) + (RAIN in space.names)
        self.unet = UNet(conditioning.channels, outputs, **backbone)

    def forward(self, condition: Condition) -> NormalisedMeans:
        """Return the mean of each variable in transformed units."""
        raw = self.unet(condition.image)
        count = len(self.space.names)
        normalised = raw[:, :count] + condition.origin
        if RAIN not in self.space.names:
            return NormalisedMeans(normalised, None)
        base = condition.base[:, self.space.names.index(RAIN)]
        return NormalisedMeans(normalised, softplus_scaled(raw[:, count], base))

    def predict(self, fields: NetworkFields) -> tuple[NormalisedMeans, Condition]:
        """Return the prediction after the layer, if there is one, and the condition."""
        condition = self.conditioning(fields)
        means = self(condition)
        if self.layer is not None:
            means = self._constrained(means, condition, fields)
        return means, condition

    def _constrained(
        self, means: NormalisedMeans, condition: Condition, fields: NetworkFields
    ) -> NormalisedMeans:
        """Return rain and temperature after the layer; the mean of compressed rain stays."""
        values = self._values(means, condition)
        held = self.layer(values, fields.own(self.conditioning.own), self.weights)
        if means.rain is None:
            return NormalisedMeans(self.space.normalise(held, condition.base), None)
        index, values = self.space.names.index(RAIN), held.clone()
        # Compressed rain has no finite slope at zero, so no gradient may pass there.
        values[:, index] = held[:, index].detach()
        normalised = self.space.normalise(values, condition.base)
        normalised[:, index] = means.normalised[:, index]
        return NormalisedMeans(normalised, held[:, index])

    def _values(self, means: NormalisedMeans, condition: Condition) -> Tensor:
        values = self.space.physical(means.normalised, condition.base)
        if means.rain is not None:
            values[:, self.space.names.index(RAIN)] = means.rain
        return values

    def loss(self, fields: NetworkFields, progress: float = 1.0) -> Tensor:
        """Sum of mean squared errors, each in units of its variable's variance, and penalty."""
        means, condition = self.predict(fields)
        error = self._error(means, condition, fields)
        if self.penalty is None:
            return error
        return error + self.penalty(self._values(means, condition), fields, self.weights, progress)

    def _error(
        self, means: NormalisedMeans, condition: Condition, fields: NetworkFields
    ) -> Tensor:
        target = self.space.normalise(fields.target, condition.base)
        total = sum(
            masked_mean(
                (means.normalised[:, i] - target[:, i].nan_to_num()) ** 2,
                target[:, i],
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

    def physical(self, fields: NetworkFields) -> Tensor:
        """Deterministic prediction (B, C, y, x) in mm day-1 and K."""
        return self._values(*self.predict(fields))


def build(
    architecture: Architecture,
    transforms: Transforms,
    static: np.ndarray | None = None,
    weights: Tensor | None = None,
    layer: Layer | None = None,
    penalty: Penalty | None = None,
    dropout: float = 0.0,
) -> MeanNetwork:
    """A new mean network; static layers and cell weights may come later, with its weights.

    `dropout` matters in training alone.
    """
    return MeanNetwork(
        architecture.conditioning(transforms, static),
        TargetSpace(transforms),
        architecture.cells if weights is None else weights,
        {**architecture.backbone, "dropout": dropout},
        layer,
        penalty,
    )
