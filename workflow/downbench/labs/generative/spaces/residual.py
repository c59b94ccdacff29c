"""The residual space: what a frozen mean network leaves of the target, in normalised units.

x = E[x | y] + r: the mean is the base model's, and the process generates r, scaled to its
`data_std` per variable, conditioned on the driver and on the mean.
"""

import torch
from torch import Tensor, nn

from downbench.core.config.model.options import Sampler
from downbench.core.transforms import Transforms
from downbench.labs.generative.tools.guidance import Guide, Observation
from downbench.labs.generative.tools.process import Network, Process
from downbench.labs.spread import best_factors
from downbench.nets.architecture import Architecture
from downbench.nets.batches import slices
from downbench.nets.fields import NetworkFields
from downbench.nets.mean import MeanNetwork, Penalty
from downbench.nets.unet import UNet

MEASURED_SAMPLES = 512
SAMPLES_AT_ONCE = 64


class Residual(nn.Module):
    """The frozen mean network and the network that generates what it leaves."""

    def __init__(
        self,
        mean_network: MeanNetwork,
        architecture: Architecture,
        transforms: Transforms,
        process: Process,
        penalty: Penalty | None = None,
        guide: Guide | None = None,
    ) -> None:
        super().__init__()
        self.mean = mean_network.requires_grad_(False)
        self.process, self.penalty, self.guide = process, penalty, guide
        static = mean_network.conditioning.static.cpu().numpy()
        # The mean, which it sees, holds the regression already.
        architecture = architecture.model_copy(update={"regressed": False})
        self.conditioning = architecture.conditioning(transforms, static)
        count = len(mean_network.space.names)
        self.unet = UNet(
            self.conditioning.channels + 2 * count, count, **architecture.backbone, noisy=True
        )
        self.register_buffer("scale", torch.ones(count))
        self.register_buffer("spread", torch.ones(count))

    @property
    def mask(self) -> Tensor:
        """(y, x) 1 where the target has data."""
        return (self.mean.weights > 0).float()

    def centre(self, fields: NetworkFields) -> tuple[Tensor, Tensor]:
        """Return normalised means and the interpolated driver (B, C, y, x), without gradient."""
        with torch.no_grad():
            condition = self.mean.conditioning(fields)
            return self.mean(condition).normalised, condition.base

    def residual(self, fields: NetworkFields, centre: Tensor, base: Tensor) -> Tensor:
        """Return what the mean leaves, unscaled; NaN where the target is missing."""
        return self.mean.space.normalise(fields.target, base) - centre

    def measure(self, fields: NetworkFields) -> None:
        """Set the scale of the residual per variable to its standard deviation over the data's."""
        days = fields.pick(torch.linspace(0, len(fields) - 1, MEASURED_SAMPLES).long().unique())
        parts = [days.pick(part) for part in slices(len(days), SAMPLES_AT_ONCE)]
        residual = torch.cat([self.residual(part, *self.centre(part)) for part in parts])
        for i in range(residual.shape[1]):
            values = residual[:, i]
            self.scale[i] = values[torch.isfinite(values)].std() / self.process.data_std

    def network(self, image: Tensor, centre: Tensor) -> Network:
        """Return the network conditioned on an image (B, F, y, x) and means (B, C, y, x)."""

        def conditioned(scaled: Tensor, time: Tensor) -> Tensor:
            return self.unet(torch.cat([scaled, image, centre], dim=1), time)

        return conditioned

    def loss(self, fields: NetworkFields, progress: float = 1.0) -> Tensor:
        """Return the loss of the process, and the penalty.

        The penalty is on the rain and temperature that the estimate lets expect, were all that it
        leaves open white.
        """
        centre, base = self.centre(fields)
        target = self.residual(fields, centre, base) / self.scale[:, None, None]
        network = self.network(self.conditioning(fields).image, centre)
        weights = self.mean.weights
        step = self.process.loss(network, target.nan_to_num(), torch.isfinite(target), weights)
        if self.penalty is None:
            return step.loss
        scale = self.scale[:, None, None]
        values, _ = self.mean.space.expected(centre + step.clean * scale, step.std * scale, base)
        return step.loss + self.penalty(values, fields, weights, progress, step.trust)

    def sample(self, fields: NetworkFields, noise: Tensor, sampler: Sampler) -> Tensor:
        """Return samples in physical units from standard normal noise (B, C, y, x)."""
        centre, base = self.centre(fields)
        observation = self._observation(fields, centre, base)
        residual = self.sample_residual(fields, centre, noise, sampler, observation)
        return self.mean.space.physical(centre + residual * self.spread[:, None, None], base)

    def sample_residual(
        self,
        fields: NetworkFields,
        centre: Tensor,
        noise: Tensor,
        sampler: Sampler,
        observation: Observation | None = None,
    ) -> Tensor:
        """Return samples (B, C, y, x) of the residual as it was learned, in normalised units."""
        network = self.network(self.conditioning(fields).image, centre)
        residual = self.process.sample(network, noise, self.mask, sampler, observation)
        return residual * self.scale[:, None, None]

    def _observation(
        self, fields: NetworkFields, centre: Tensor, base: Tensor
    ) -> Observation | None:
        """Return the driver as an observation of the sample, for a guided model."""
        if self.guide is None:
            return None
        space, coarse = self.mean.space, fields.own(self.conditioning.own)
        scale = (self.scale * self.spread)[:, None, None]

        def expected(residual: Tensor, r: Tensor) -> tuple[Tensor, Tensor]:
            values, slope = space.expected(centre + residual * scale, r * scale, base)
            return values, slope * scale

        return Observation(
            expected=expected,
            block_means=coarse,
            variance=self.guide.variances(coarse, space.names),
            weights=self.mean.weights,
            factor=self.conditioning.factor,
            gamma=self.guide.section.gamma,
        )

    @torch.inference_mode()
    def match_spread(self, fields: NetworkFields, noise: Tensor, sampler: Sampler) -> None:
        """Set `spread` from days outside the training; noise is (M, B, C, y, x)."""
        centre, base = self.centre(fields)
        residuals = [self.sample_residual(fields, centre, part, sampler) for part in noise]

        def members_at(factors: Tensor) -> Tensor:
            scale, space = factors[:, None, None], self.mean.space
            return torch.stack([space.physical(centre + r * scale, base) for r in residuals])

        self.spread = best_factors(members_at, fields.target, self.mean.weights)
