"""The networks of CorrDiff: a frozen mean, and the denoiser of what it leaves."""

import torch
from torch import Tensor, nn

from downbench.core.transforms import Transforms
from downbench.labs import learned
from downbench.labs.generative import edm
from downbench.labs.generative.guidance import Guide, Observation, guided
from downbench.labs.generative.spread import error_over_spread
from downbench.nets.architecture import Architecture
from downbench.nets.fields import Fields
from downbench.nets.mean import MeanNetwork, Penalty
from downbench.nets.unet import UNet

SIGMA_DATA = 0.5
MEASURED_SAMPLES = 512
SAMPLES_AT_ONCE = 64


class Residual(nn.Module):
    """The frozen mean network and the denoiser of what it leaves."""

    def __init__(
        self,
        mean_network: MeanNetwork,
        built: Architecture,
        transforms: Transforms,
        levels: edm.NoiseLevels,
        penalty: Penalty | None = None,
    ) -> None:
        super().__init__()
        self.mean = mean_network.requires_grad_(False)
        self.levels, self.penalty = levels, penalty
        self.guide: Guide | None = None
        static = mean_network.conditioning.static.cpu().numpy()
        self.conditioning = built.conditioning(transforms, static)
        count = len(mean_network.space.names)
        self.unet = UNet(
            self.conditioning.channels + 2 * count, count, **built.backbone, noisy=True
        )
        self.register_buffer("scale", torch.ones(count))
        self.register_buffer("spread", torch.ones(count))

    @property
    def mask(self) -> Tensor:
        """(y, x) 1 where the target has data."""
        return (self.mean.weights > 0).float()

    def centre(self, fields: Fields) -> tuple[Tensor, Tensor]:
        """Normalised means (B, C, y, x) and the interpolated driver (B, C, y, x), no gradient."""
        with torch.no_grad():
            condition = self.mean.conditioning(fields)
            return self.mean(condition).normalised, condition.base

    def residual(self, fields: Fields, centre: Tensor, base: Tensor) -> Tensor:
        """What the mean leaves, unscaled; NaN where the target is missing."""
        return self.mean.space.normalise(fields.target, base) - centre

    def measure(self, fields: Fields) -> None:
        """Set the scale of the residual per variable to its standard deviation over σ_data."""
        picked = fields.pick(torch.linspace(0, len(fields) - 1, MEASURED_SAMPLES).long().unique())
        parts = [picked.pick(part) for part in learned.in_parts(len(picked), SAMPLES_AT_ONCE)]
        left = torch.cat([self.residual(part, *self.centre(part)) for part in parts])
        for i in range(left.shape[1]):
            values = left[:, i]
            self.scale[i] = values[torch.isfinite(values)].std() / SIGMA_DATA

    def denoiser(self, image: Tensor, centre: Tensor) -> edm.Denoiser:
        """D(x; σ) for given conditioning: image (B, F, y, x), means (B, C, y, x)."""

        def network(scaled: Tensor, c_noise: Tensor) -> Tensor:
            return self.unet(torch.cat([scaled, image, centre], dim=1), c_noise)

        return lambda x, sigma: edm.denoise(network, x, sigma, SIGMA_DATA)

    def loss(self, fields: Fields, progress: float = 1.0) -> Tensor:
        """E[λ(σ) ‖D(r + n; σ) − r‖²] over the valid cells, area-weighted, and penalty.

        The penalty is on the rain and temperature that the denoised estimate lets expect, were all
        that it leaves open white; it counts by σ_d² / (σ² + σ_d²): at high noise that is rough.
        """
        centre, base = self.centre(fields)
        wanted = self.residual(fields, centre, base) / self.scale[:, None, None]
        valid = torch.isfinite(wanted)
        clean = wanted.nan_to_num()
        sigma = self.levels.train(len(clean), clean.device)
        noise = torch.randn_like(clean) * sigma[:, None, None, None] * valid
        denoiser = self.denoiser(self.conditioning(fields).image, centre)
        estimate = denoiser(clean + noise, sigma)
        error = (estimate - clean) ** 2
        share = self.mean.weights * valid
        loss = (self.levels.weight(sigma)[:, None, None, None] * error * share).sum() / share.sum()
        if self.penalty is None:
            return loss
        scale = self.scale[:, None, None]
        r = edm.still_unknown(sigma, SIGMA_DATA**2)
        values, _ = self.mean.space.expected(centre + estimate * scale, r * scale, base)
        trust = SIGMA_DATA**2 / (sigma**2 + SIGMA_DATA**2)
        return loss + self.penalty(values, fields, self.mean.weights, progress, trust)

    def draw(self, fields: Fields, noise: Tensor, solver: str, steps: int) -> Tensor:
        """(B, C, y, x) standard normal noise → samples in physical units."""
        centre, base = self.centre(fields)
        seen = self._seen(fields, centre, base)
        left = self.left(fields, centre, noise, solver, steps, seen) * self.spread[:, None, None]
        return self.mean.space.physical(centre + left, base)

    def _seen(self, fields: Fields, centre: Tensor, base: Tensor) -> Observation | None:
        """The driver as an observation of what is drawn, for a guided model."""
        if self.guide is None:
            return None
        space, coarse = self.mean.space, fields.own(self.conditioning.own)
        scale = (self.scale * self.spread)[:, None, None]

        def expected(left: Tensor, r: Tensor) -> tuple[Tensor, Tensor]:
            values, slope = space.expected(centre + left * scale, r * scale, base)
            return values, slope * scale

        return Observation(
            expected=expected,
            wanted=coarse,
            variance=self.guide.variances(coarse, space.names),
            weights=self.mean.weights,
            factor=self.conditioning.factor,
        )

    def left(
        self,
        fields: Fields,
        centre: Tensor,
        noise: Tensor,
        solver: str,
        steps: int,
        seen: Observation | None = None,
    ) -> Tensor:
        """Samples (B, C, y, x) of the residual as it was learned, in normalised units."""
        denoiser = self.denoiser(self.conditioning(fields).image, centre)
        if seen is not None:
            denoiser = guided(denoiser, seen, SIGMA_DATA**2, self.guide.section.gamma)
        left = edm.SAMPLERS[solver](denoiser, noise, self.levels.sample(steps), self.mask)
        return left * self.scale[:, None, None]

    @torch.inference_mode()
    def match_spread(self, fields: Fields, noise: Tensor, solver: str, steps: int) -> None:
        """Set `spread` from days that were not trained on; noise is (M, B, C, y, x)."""
        centre, base = self.centre(fields)
        members = torch.stack([self.left(fields, centre, n, solver, steps) for n in noise])
        truth = self.residual(fields, centre, base)
        self.spread = error_over_spread(members, truth, self.mean.weights)
