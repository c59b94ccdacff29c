"""CorrDiff: a regression UNet for the mean, a generative process for the residual.

Mardani et al. (2025) use EDM as the process. Residuals of training days are smaller than those of
new days, so samples are widened by the spread that validation days ask for (`labs.spread`).
"""

import numpy as np
import torch

from downbench.core import rng
from downbench.core.config.model.model import Model
from downbench.labs.base import Pairs
from downbench.labs.generative.spaces.residual import SAMPLES_AT_ONCE, Residual
from downbench.labs.generative.tools.guidance import Guide
from downbench.labs.generative.tools.process import process_of
from downbench.labs.network_model import Member, NetworkContext, NetworkFamily
from downbench.labs.spread import calibration_days
from downbench.labs.training_data import TrainingData
from downbench.nets.batches import slices
from downbench.nets.fields import NetworkFields


def build(context: NetworkContext) -> Residual:
    """Return the residual network on the base `mean`."""
    physics = context.model.physics
    guidance = physics.guidance if physics else None
    return Residual(
        context.base_network("mean"),
        context.architecture,
        context.transforms,
        process_of(context.model.options),
        context.penalty,
        Guide(guidance, context.spreads.driver) if guidance else None,
    )


def prepare(network: Residual, data: TrainingData) -> None:
    """Scale the residual by that of the training days."""
    network.measure(data.train)


def calibrate(
    network: Residual, model: Model, pairs: Pairs, data: TrainingData, seed: int
) -> None:
    """Sample a few members of some validation days and fit the factors on their spread."""
    days = calibration_days(model, pairs, data)
    if days is None:
        return
    shape = (model.options.spread_members, *days.target.shape)
    noise = rng.generator(seed, model.name, "spread").standard_normal(shape, dtype=np.float32)
    device = network.scale.device
    network.match_spread(
        days.to(device), torch.from_numpy(noise).to(device), model.options.calibration
    )


def sample(network: Residual, fields: NetworkFields, member: Member) -> np.ndarray:
    """Return samples (time, variable, y, x), each day from its own noise."""
    shape = (len(network.mean.space.names), *network.mask.shape)
    noise = torch.from_numpy(
        np.stack(
            [
                generator.standard_normal(shape, dtype=np.float32)
                for generator in member.generators()
            ]
        )
    ).to(fields.coarse.device)
    samples = [
        network.sample(fields.pick(part), noise[part], member.sampler).cpu()
        for part in slices(len(fields), SAMPLES_AT_ONCE)
    ]
    return torch.cat(samples).numpy()


FAMILY = NetworkFamily(build, sample, prepare=prepare, calibrate=calibrate)
fit, load = FAMILY.fit, FAMILY.load
