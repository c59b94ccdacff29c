"""Monte Carlo dropout UNet with aleatoric heads (Gal and Ghahramani 2016; Kendall and Gal 2017).

A member is one sample of the dropout masks, held over the whole field and all days, and one sample
of the predictive distribution of every pixel: both kinds of uncertainty (trap T26). The second is
independent from pixel to pixel, so fine-scale spectra of its samples are white by construction.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from downbench.core import rng
from downbench.core.config.model.model import Model
from downbench.core.variables import RAIN
from downbench.labs.base import Pairs
from downbench.labs.network_model import Member, NetworkContext, NetworkFamily
from downbench.labs.spread import fit_spread
from downbench.labs.training_data import TrainingData
from downbench.nets import dropout, heads
from downbench.nets.conditioning import Condition, Conditioning
from downbench.nets.fields import NetworkFields
from downbench.nets.mean import NormalisedMeans, Penalty
from downbench.nets.target_space import TargetSpace
from downbench.nets.unet import UNet


class DistributionNetwork(nn.Module):
    """Predicts one distribution per pixel and variable; see `heads`."""

    def __init__(
        self,
        conditioning: Conditioning,
        space: TargetSpace,
        weights: Tensor,
        backbone: dict,
        rate: float,
        penalty: Penalty | None = None,
    ) -> None:
        super().__init__()
        self.conditioning, self.space, self.penalty = conditioning, space, penalty
        self.register_buffer("weights", weights, persistent=True)
        self.register_buffer("spread", torch.ones(len(space.names)))
        self.unet = UNet(conditioning.channels, heads.channels(space), **backbone, dropout=rate)

    def forward(self, fields: NetworkFields) -> list[heads.Distribution]:
        """Return the distribution of each variable at each fine cell."""
        return self.given(self.conditioning(fields))

    def given(self, condition: Condition) -> list[heads.Distribution]:
        """Return the distributions that a condition gives."""
        return heads.distributions(self.unet(condition.image), condition.base, self.space)

    def loss(self, fields: NetworkFields, progress: float = 1.0) -> Tensor:
        """Return the mean negative log-likelihood, summed over variables, and the penalty.

        The penalty is on the means of the distributions: samples are independent from pixel to
        pixel, so their own block means scatter around those whatever the network does.
        """
        distributions = self(fields)
        likelihood = heads.nll(distributions, fields.target, self.weights)
        if self.penalty is None:
            return likelihood
        means = torch.stack([part.mean for part in distributions], dim=1)
        return likelihood + self.penalty(means, fields, self.weights, progress)


def build(context: NetworkContext) -> DistributionNetwork:
    """Return the network, with the model's rate of dropout."""
    weights = context.architecture.cells if context.weights is None else context.weights
    return DistributionNetwork(
        context.architecture.conditioning(context.transforms, context.static),
        TargetSpace(context.transforms),
        weights,
        context.architecture.backbone,
        context.model.options.dropout,
        context.penalty,
    )


def expect(
    network: DistributionNetwork, fields: NetworkFields, generator: np.random.Generator
) -> tuple[NormalisedMeans, Condition]:
    """Return the means of one sample of the masks, and the condition.

    The mean of normalised rain, which nothing is sampled from, is missing.
    """
    condition = network.conditioning(fields)
    with dropout.held(network, generator):
        means = torch.stack([part.mean for part in network.given(condition)], dim=1)
    normalised = network.space.normalise(means, condition.base)
    if RAIN not in network.space.names:
        return NormalisedMeans(normalised, None), condition
    rain = network.space.names.index(RAIN)
    normalised[:, rain] = torch.nan
    return NormalisedMeans(normalised, means[:, rain]), condition


def calibrate(
    network: DistributionNetwork, model: Model, pairs: Pairs, data: TrainingData, seed: int
) -> None:
    """Fit the factors on the spread to a few members of some validation days."""

    def members_of(days: NetworkFields) -> list[list[heads.Distribution]]:
        return [
            _masked(network, days, rng.generator(seed, model.name, "spread mask", number))
            for number in range(model.options.spread_members)
        ]

    fit_spread(network, members_of, model, pairs, data, seed)


def _masked(
    network: DistributionNetwork, fields: NetworkFields, generator: np.random.Generator
) -> list[heads.Distribution]:
    """Return the distributions with one set of masks."""
    with dropout.held(network, generator):
        return network(fields)


def sample(network: DistributionNetwork, fields: NetworkFields, member: Member) -> np.ndarray:
    """Return samples (time, variable, y, x): masks of the member, noise of its days."""
    return heads.sample(_of_member(network, fields, member), member.generators())


def components(
    network: DistributionNetwork, fields: NetworkFields, members: Sequence[Member]
) -> Iterator[Sequence[heads.Distribution]]:
    """Yield the distributions that each member is sampled from."""
    return (_of_member(network, fields, member) for member in members)


def _of_member(
    network: DistributionNetwork, fields: NetworkFields, member: Member
) -> list[heads.Distribution]:
    distributions = _masked(network, fields, member.generator("mask", member.number))
    return heads.widened(distributions, network.spread)


FAMILY = NetworkFamily(build, sample, expect=expect, calibrate=calibrate, components=components)
fit, load = FAMILY.fit, FAMILY.load
