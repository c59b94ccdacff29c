"""Elucidated diffusion (EDM; Karras et al. 2022): preconditioning, loss, samplers.

x is data of standard deviation σ_d plus noise of standard deviation σ; the network F is wrapped as
D(x; σ) = c_skip x + c_out F(c_in x; c_noise), an estimate of the data (table 1 of the paper).
"""

import math
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from downbench.core.config.model.options import Sampler
from downbench.core.config.model.processes.edm import EdmOptions
from downbench.labs.generative.tools.guidance import (
    Denoiser,
    Observation,
    guided,
    remaining_std,
)
from downbench.labs.generative.tools.process import DenoisedEstimate, Network

SIGMA_DATA = 0.5


@dataclass(frozen=True)
class NoiseLevels:
    """σ of training (log-normal) and of sampling (table 1, eq. 5)."""

    sigma_data: float
    sigma_min: float
    sigma_max: float
    rho: float
    P_mean: float
    P_std: float

    def train(self, count: int, device: torch.device) -> Tensor:
        """(count,) levels with ln σ ~ N(P_mean, P_std²)."""
        return (self.P_mean + self.P_std * torch.randn(count, device=device)).exp()

    def sample(self, steps: int) -> list[float]:
        """σ_max … σ_min, 0: `steps` levels and the end."""
        if steps == 1:
            return [self.sigma_max, 0.0]
        top, bottom = self.sigma_max ** (1 / self.rho), self.sigma_min ** (1 / self.rho)
        share = torch.arange(steps, dtype=torch.float64) / (steps - 1)
        return [*((top + share * (bottom - top)) ** self.rho).tolist(), 0.0]

    def weight(self, sigma: Tensor) -> Tensor:
        """λ(σ) = (σ² + σ_d²) / (σ σ_d)²: every level starts with the same loss."""
        return (sigma**2 + self.sigma_data**2) / (sigma * self.sigma_data) ** 2


def denoise(network: Network, x: Tensor, sigma: Tensor, sigma_data: float) -> Tensor:
    """D(x; σ): (B, C, y, x) noisy image, (B,) levels → estimate of the clean image."""
    s = sigma[:, None, None, None]
    total = s**2 + sigma_data**2
    c_skip, c_out = sigma_data**2 / total, s * sigma_data / total.sqrt()
    c_in, c_noise = total.rsqrt(), sigma.log() / 4
    return c_skip * x + c_out * network(c_in * x, c_noise)


def heun(denoiser: Denoiser, noise: Tensor, sigmas: list[float], mask: Tensor) -> Tensor:
    """Deterministic second-order sampler (algorithm 1 without churn): 2 · steps − 1 evaluations.

    Parameters
    ----------
    noise : (B, C, y, x)
        Standard normal start; all randomness is in it.
    sigmas
        Levels from `NoiseLevels.sample`, ending in 0.
    mask : (y, x)
        1 where the grid has data; elsewhere the image stays zero, as in training.
    """
    x = noise * sigmas[0] * mask
    for now, following in zip(sigmas[:-1], sigmas[1:], strict=True):
        slope = _slope(denoiser, x, now)
        ahead = (x + (following - now) * slope) * mask
        if following > 0:
            slope = 0.5 * (slope + _slope(denoiser, ahead, following))
            ahead = (x + (following - now) * slope) * mask
        x = ahead
    return x


def dpmpp_2m(denoiser: Denoiser, noise: Tensor, sigmas: list[float], mask: Tensor) -> Tensor:
    """Second-order multistep DPM-Solver++ (Lu et al. 2022, algorithm 2), `steps` evaluations.

    Arguments as for `heun`. With few evaluations it keeps the spread better: a Gaussian comes out
    some 5 % too wide with 15 to 19 of them, from Heun's method with as many 20 to 30 % (trap T30;
    docs/methods/learned-models.md).
    """
    x = noise * sigmas[0] * mask
    before, last_step = None, 0.0
    for now, following in zip(sigmas[:-1], sigmas[1:], strict=True):
        clean = denoiser(x, x.new_full((len(x),), now)) * mask
        if following == 0:
            return clean
        step = math.log(now / following)
        if before is None:
            estimate = clean
        else:
            estimate = clean + (clean - before) * step / (2 * last_step)
        x = x * (following / now) + (1 - following / now) * estimate
        before, last_step = clean, step
    return x


SAMPLERS = {"heun": heun, "dpmpp_2m": dpmpp_2m}


def _slope(denoiser: Denoiser, x: Tensor, sigma: float) -> Tensor:
    """dx/dσ = (x − D(x; σ)) / σ (eq. 3)."""
    return (x - denoiser(x, x.new_full((len(x),), sigma))) / sigma


@dataclass(frozen=True)
class Edm:
    """The process: noise of standard deviation σ is added, and a denoiser takes it away."""

    levels: NoiseLevels

    @property
    def data_std(self) -> float:
        """Standard deviation σ_d that the data have to be scaled to."""
        return self.levels.sigma_data

    def loss(
        self, network: Network, clean: Tensor, valid: Tensor, weights: Tensor
    ) -> DenoisedEstimate:
        """Return E[λ(σ) ‖D(x + n; σ) − x‖²] over the valid cells, area-weighted.

        The estimate counts by σ_d² / (σ² + σ_d²): at high noise it is rough.
        """
        variance = self.data_std**2
        sigma = self.levels.train(len(clean), clean.device)
        noise = torch.randn_like(clean) * sigma[:, None, None, None] * valid
        estimate = denoise(network, clean + noise, sigma, self.data_std)
        error = (estimate - clean) ** 2
        share = weights * valid
        loss = (self.levels.weight(sigma)[:, None, None, None] * error * share).sum() / share.sum()
        trust = variance / (sigma**2 + variance)
        return DenoisedEstimate(loss, estimate, remaining_std(sigma, variance), trust)

    def sample(
        self,
        network: Network,
        noise: Tensor,
        mask: Tensor,
        sampler: Sampler,
        observation: Observation | None = None,
    ) -> Tensor:
        """Solve the probability flow from noise to samples; see `tools.process`."""
        denoiser = partial(_denoised, network, self.data_std)
        if observation is not None:
            denoiser = guided(denoiser, observation, self.data_std**2)
        return SAMPLERS[sampler.solver](denoiser, noise, self.levels.sample(sampler.steps), mask)


def build(options: EdmOptions) -> Edm:
    """Return the process with these noise levels."""
    levels = ("sigma_min", "sigma_max", "rho", "P_mean", "P_std")
    return Edm(NoiseLevels(SIGMA_DATA, **{name: getattr(options, name) for name in levels}))


def _denoised(network: Network, sigma_data: float, x: Tensor, sigma: Tensor) -> Tensor:
    return denoise(network, x, sigma, sigma_data)
