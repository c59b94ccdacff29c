"""The deterministic UNet dressed with a fitted spread: what a generative model has to beat.

The trunk of the base model is frozen. A small head on its features gives a Gaussian around the
base model's temperature, and a Bernoulli-gamma distribution whose mean is the base model's rain.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from downbench.core.config.model.model import Model
from downbench.core.variables import VARIABLES
from downbench.labs.base import Pairs
from downbench.labs.network_model import Member, NetworkContext, NetworkFamily
from downbench.labs.spread import fit_spread
from downbench.labs.training_data import TrainingData
from downbench.nets import heads
from downbench.nets.fields import NetworkFields
from downbench.nets.heads import BernoulliGamma, Gaussian
from downbench.nets.mean import MeanNetwork
from downbench.nets.target_space import DRY_MM_DAY

RAIN_HEAD = 3
RAIN_FLOOR_MM_DAY = 1e-3


class DressedNetwork(nn.Module):
    """Frozen mean network, trained head: log std of temperature; logit, shape, power of rain."""

    def __init__(self, mean: MeanNetwork) -> None:
        super().__init__()
        self.mean = mean.requires_grad_(False)
        self.weights = mean.weights
        self.register_buffer("spread", torch.ones(len(mean.space.names)))
        width, outputs = mean.unet.features, sum(self._width(n) for n in mean.space.names)
        self.head = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1),
            nn.SiLU(),
            nn.Conv2d(width, outputs * mean.unet.FOLD**2, 1),
        )

    @staticmethod
    def _width(name: str) -> int:
        return RAIN_HEAD if VARIABLES[name].is_intermittent else 1

    def forward(self, fields: NetworkFields) -> list[heads.Distribution]:
        """Return the distribution of each variable at each fine cell."""
        with torch.no_grad():
            condition = self.mean.conditioning(fields)
            features = F.silu(self.mean.unet.norm(self.mean.unet.encode(condition.image)))
            centre = self.mean.physical(fields)
        raw = F.pixel_shuffle(self.head(features), self.mean.unet.FOLD)
        names = self.mean.space.names
        parts = raw.split([self._width(name) for name in names], dim=1)
        return [
            self._distribution(name, part, centre[:, i])
            for i, (name, part) in enumerate(zip(names, parts, strict=True))
        ]

    def _distribution(self, name: str, part: Tensor, centre: Tensor) -> heads.Distribution:
        if not VARIABLES[name].is_intermittent:
            scale = self.mean.space.statistics[self.mean.space.names.index(name)].std
            log_std = part[:, 0].clamp(-heads.LOG_BOUND, heads.LOG_BOUND)
            return Gaussian(centre, scale * log_std.exp())
        amount = centre.clamp(min=RAIN_FLOOR_MM_DAY)
        # A day cannot be wet with less rain than the threshold on average: bounds the odds.
        wet = (part[:, 0] + amount.log()).sigmoid().minimum(amount / DRY_MM_DAY * 0.9)
        shape, power = heads.bounded_shape(part[:, 1]), heads.bounded_power(part[:, 2])
        scale = (amount / wet - DRY_MM_DAY) / heads.mean_excess(shape, power)
        return BernoulliGamma(wet, shape, scale, power)

    def loss(self, fields: NetworkFields, progress: float = 1.0) -> Tensor:
        """Return the mean negative log-likelihood of the valid cells, summed over variables."""
        return heads.nll(self(fields), fields.target, self.mean.weights)


def build(context: NetworkContext) -> DressedNetwork:
    """Return the head on the base `mean`."""
    return DressedNetwork(context.base_network("mean"))


def calibrate(
    network: DressedNetwork, model: Model, pairs: Pairs, data: TrainingData, seed: int
) -> None:
    """Fit the factors on the spread to a few members of some validation days."""

    def members_of(days: NetworkFields) -> list[list[heads.Distribution]]:
        return [network(days)] * model.options.spread_members

    fit_spread(network, members_of, model, pairs, data, seed)


def sample(network: DressedNetwork, fields: NetworkFields, member: Member) -> np.ndarray:
    """Return samples (time, variable, y, x), independent from pixel to pixel."""
    return heads.sample(_calibrated(network, fields), member.generators())


def components(
    network: DressedNetwork, fields: NetworkFields, members: Sequence[Member]
) -> list[list[heads.Distribution]]:
    """Return the distributions that all members share."""
    return [_calibrated(network, fields)]


def _calibrated(network: DressedNetwork, fields: NetworkFields) -> list[heads.Distribution]:
    return heads.widened(network(fields), network.spread)


FAMILY = NetworkFamily(build, sample, calibrate=calibrate, components=components)
fit, load = FAMILY.fit, FAMILY.load
