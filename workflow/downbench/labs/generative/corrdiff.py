"""CorrDiff: a regression UNet for the mean, EDM for the residual (Mardani et al. 2025).

In normalised space x = E[x | y] + r; the mean is the base model's, frozen, and the diffusion
learns r, scaled to σ_data per variable, conditioned on the driver and on the mean. Residuals of
training days are smaller than those of new days, so samples are widened by what validation days
tell (`spread`).
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import torch
import xarray as xr
from torch import Tensor, nn

from downbench.core import rng
from downbench.core.config.budget import Training
from downbench.core.config.models import Model
from downbench.core.errors import UserError
from downbench.core.transforms import Transforms
from downbench.labs import learned, obeying
from downbench.labs.base import Pairs, date_key
from downbench.labs.generative import edm
from downbench.labs.generative.spread import error_over_spread
from downbench.nets import architecture, mean
from downbench.nets.architecture import Architecture
from downbench.nets.fields import Fields
from downbench.nets.mean import MeanNetwork, Penalty
from downbench.nets.unet import UNet
from downbench.physics.loss import Spreads

SAMPLER = "sampler.json"
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
        static = mean_network.conditioning.static.cpu().numpy()
        self.conditioning = built.conditioning(transforms, static)
        count = len(mean_network.space.names)
        self.unet = UNet(
            self.conditioning.channels + 2 * count, count, **built.backbone, noisy=True
        )
        self.register_buffer("scale", torch.ones(count))
        self.register_buffer("spread", torch.ones(count))

    def train(self, mode: bool = True) -> Self:
        """The mean never trains: its dropout stays off."""
        super().train(mode)
        self.mean.eval()
        return self

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

        The penalty is on the denoised estimate in physical units. It counts by σ_d² / (σ² + σ_d²):
        at high noise the estimate is a mean, whose rain is not the mean rain (trap T21).
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
        values = self.mean.space.smooth_physical(
            centre + estimate * self.scale[:, None, None], base
        )
        trust = SIGMA_DATA**2 / (sigma**2 + SIGMA_DATA**2)
        return loss + self.penalty(values, fields, self.mean.weights, progress, trust)

    def draw(self, fields: Fields, noise: Tensor, solver: str, steps: int) -> Tensor:
        """(B, C, y, x) standard normal noise → samples in physical units."""
        centre, base = self.centre(fields)
        left = self.left(fields, centre, noise, solver, steps) * self.spread[:, None, None]
        return self.mean.space.physical(centre + left, base)

    def left(
        self, fields: Fields, centre: Tensor, noise: Tensor, solver: str, steps: int
    ) -> Tensor:
        """Samples (B, C, y, x) of the residual as it was learned, in normalised units."""
        denoiser = self.denoiser(self.conditioning(fields).image, centre)
        left = edm.SAMPLERS[solver](denoiser, noise, self.levels.sample(steps), self.mask)
        return left * self.scale[:, None, None]

    @torch.inference_mode()
    def match_spread(self, fields: Fields, noise: Tensor, solver: str, steps: int) -> None:
        """Set `spread` from days that were not trained on; noise is (M, B, C, y, x)."""
        centre, base = self.centre(fields)
        members = torch.stack([self.left(fields, centre, n, solver, steps) for n in noise])
        truth = self.residual(fields, centre, base)
        self.spread = error_over_spread(members, truth, self.mean.weights)


@dataclass(frozen=True)
class CorrDiff:
    """A trained residual diffusion; see `Trained`."""

    name: str
    network: Residual
    architecture: Architecture
    transforms: Transforms
    solver: str
    steps: int
    spreads: Spreads | None

    def sample(
        self, driver: xr.Dataset, static: xr.Dataset, members: int, seed: int
    ) -> xr.Dataset:
        """Members (T, M, y, x) in mm day-1 and K; noise from (seed, model, date, member)."""
        network = self.network.to(learned.device())
        dates = [date_key(stamp) for stamp in driver["time"].values]
        shape = (len(self.transforms.targets), *self.architecture.static_shape[1:])

        def one_member(fields: Fields, member: int) -> np.ndarray:
            noise = torch.from_numpy(
                np.stack(
                    [
                        rng.generator(seed, self.name, date, member).standard_normal(
                            shape, dtype=np.float32
                        )
                        for date in dates
                    ]
                )
            ).to(fields.coarse.device)
            drawn = [
                network.draw(fields.pick(part), noise[part], self.solver, self.steps).cpu()
                for part in learned.in_parts(len(fields), SAMPLES_AT_ONCE)
            ]
            return torch.cat(drawn).numpy()

        return learned.draw(driver, self.transforms, members, one_member)

    def save(self, folder: Path) -> None:
        architecture.save(self.network, self.architecture, folder)
        obeying.save(self.spreads, folder)
        (folder / SAMPLER).write_text(
            json.dumps({"solver": self.solver, "steps": self.steps}) + "\n"
        )


def fit(pairs: Pairs, model: Model, training: Training, seed: int, state: Path) -> CorrDiff:
    """Train the denoiser on what the base model's mean leaves of the training days."""
    if pairs.base is None:
        raise UserError(
            f"models.yaml: {model.name} has no base: name the UNet that gives the mean"
        )
    made = learned.setup(pairs, training, seed, model.physics)
    spreads = obeying.spreads(made, pairs.transforms, model.physics)
    penalty = obeying.penalty(spreads, pairs.transforms, model.physics)
    centre = mean.build(made.architecture, pairs.transforms)
    architecture.load_weights(centre, pairs.base)
    network = Residual(centre, made.architecture, pairs.transforms, _levels(model), penalty)
    network.measure(made.train)
    learned.optimise(network, made, model, training, seed, state)
    _match_spread(network, made.validation, model, training, seed)
    return CorrDiff(
        model.name,
        network,
        made.architecture,
        pairs.transforms,
        training.sampler,
        training.sampler_steps,
        spreads,
    )


def load(model: Model, bundle: Path) -> CorrDiff:
    """Read a bundle that `fit` and `save` have made; the mean travels in it."""
    transforms, built = learned.read_transforms(bundle), architecture.read(bundle)
    network = Residual(mean.build(built, transforms), built, transforms, _levels(model))
    architecture.load_weights(network, bundle)
    sampler = json.loads((bundle / SAMPLER).read_text())
    return CorrDiff(
        model.source_of_noise,
        network,
        built,
        transforms,
        sampler["solver"],
        sampler["steps"],
        obeying.load(bundle),
    )


def _match_spread(
    network: Residual, validation: Fields, model: Model, training: Training, seed: int
) -> None:
    """Draw a few members of some validation days and match their spread to their error."""
    days, members = model.options.spread_days, model.options.spread_members
    if days is None:
        return
    chosen = validation.pick(torch.linspace(0, len(validation) - 1, days).long().unique())
    shape = (members, *chosen.target.shape)
    noise = rng.generator(seed, model.name, "spread").standard_normal(shape, dtype=np.float32)
    where = network.scale.device
    network.match_spread(
        chosen.to(where),
        torch.from_numpy(noise).to(where),
        training.sampler,
        training.sampler_steps,
    )


def _levels(model: Model) -> edm.NoiseLevels:
    options = model.options
    return edm.NoiseLevels(
        sigma_data=SIGMA_DATA,
        sigma_min=options.sigma_min,
        sigma_max=options.sigma_max,
        rho=options.rho,
        P_mean=options.P_mean,
        P_std=options.P_std,
    )
