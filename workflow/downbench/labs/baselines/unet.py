"""Deterministic UNet: the conditional mean, trained with squared error.

The loss is that of normalised targets and of rain itself (trap T21); a constraint layer and a
physics-guided loss are optional.
"""

import numpy as np

from downbench.labs.network_model import Member, NetworkContext, NetworkFamily
from downbench.nets import mean
from downbench.nets.conditioning import Condition
from downbench.nets.fields import NetworkFields
from downbench.nets.mean import MeanNetwork, NormalisedMeans


def build(context: NetworkContext) -> MeanNetwork:
    """Return the mean network; dropout matters in training alone."""
    return mean.build(
        context.architecture,
        context.transforms,
        context.static,
        context.weights,
        context.layer,
        context.penalty,
        context.model.options.dropout,
    )


def expect(
    network: MeanNetwork, fields: NetworkFields, generator: np.random.Generator
) -> tuple[NormalisedMeans, Condition]:
    """Return the means, which need no random numbers, and the condition."""
    return network.predict(fields)


def sample(network: MeanNetwork, fields: NetworkFields, member: Member) -> np.ndarray:
    """Return the mean (time, variable, y, x) in mm day-1 and K."""
    return network.physical(fields).cpu().numpy()


FAMILY = NetworkFamily(build, sample, expect=expect, is_deterministic=True)
fit, load = FAMILY.fit, FAMILY.load
