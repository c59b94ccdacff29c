"""Guidance of a diffusion toward observed block means, without training (Song et al. 2023, ΠGDM).

Given noise of level σ, the clean image is taken to be N(D(x; σ), r² I) with
r² = σ² σ_d² / (σ² + σ_d²), and a block mean y is observed through the transform's inverse g with
error variance R. One step from D toward the most likely image is

    D' = D + Hᵀ (H Hᵀ + R / q²)⁻¹ (y − A E[g]),    H = A E[g']

Both means are over N(D, r² I): the rain of a mean is less than the mean of rain (trap T21), and
plain g(D) makes members too wet. q² is r² with γ σ_d² in place of σ_d²: for a Gaussian prior whose
block means have γ times the variance of white noise, D' is exact (docs/methods/physics.md).
Blocks do not overlap, so H Hᵀ is a number per block and nothing is inverted. D' is what D would be
had the network been told y; no derivative of the network is needed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from downbench.core.config.model.constraints import Guidance
from downbench.core.errors import UserError
from downbench.core.variables import RAIN, TEMPERATURES, VARIABLES
from downbench.nets.blocks import block_area, block_mean, spread
from downbench.physics.loss import spread_of

# (noisy image (B, C, y, x), noise level (B,)) → estimate of the clean image
Denoiser = Callable[[Tensor, Tensor], Tensor]

FARTHEST = 3.0
"""No cell is moved by more than so many r: beyond, H is no derivative to go by [1]."""


@dataclass(frozen=True)
class Observation:
    """Block means that are known of a clean image (B, C, y, x).

    expected : means of N(image, r²) in physical units [mm day-1, K], and of their derivative by
        the image, from an image and r (B, 1, 1, 1)
    block_means : (B, C, Y, X) [mm day-1, K]; NaN where nothing is known
    variance : (B, C, Y, X) of their error, same unit squared
    weights : (y, x) cell areas, 0 where the image has no data
    gamma : prior variance of a block mean over that of white noise [1]
    """

    expected: Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]
    block_means: Tensor
    variance: Tensor
    weights: Tensor
    factor: int
    gamma: float

    def pull(self, clean: Tensor, r: Tensor, q: Tensor) -> Tensor:
        """Return the clean image (B, C, y, x) moved toward the block means; r and q (B, 1, 1, 1).

        A block that is dry for certain, some r below zero everywhere, has H = 0: nothing pulls on
        it.
        """
        values, slope = self.expected(clean, r)
        gap = self.block_means - block_mean(values, self.factor, self.weights)
        area = block_area(self.weights, self.factor)
        share = self.weights / spread(area, self.factor).clamp(min=1e-12)
        h = share * slope
        step = gap / (block_area(h**2, self.factor) + self.variance / q**2)
        step = torch.where(torch.isfinite(step), step, 0.0)
        return clean + (h * spread(step, self.factor)).clamp(-FARTHEST * r, FARTHEST * r)


@dataclass(frozen=True)
class Guide:
    """What is known of the errors of the driver's block means.

    section : errors that are allowed, and γ
    driver : estimated error of the driver, see `physics.loss.Spreads`; zero with a perfect driver
    """

    section: Guidance
    driver: dict[str, float]

    def variances(self, coarse: Tensor, names: Sequence[str]) -> Tensor:
        """R of block means (B, C, Y, X) [mm day-1, K]: both errors together, same unit squared."""
        rain = coarse[:, names.index(RAIN)] if RAIN in names else None
        return torch.stack(
            [
                self._allowed(name, coarse[:, i]) ** 2 + self.driver[name] * spread_of(name, rain)
                for i, name in enumerate(names)
            ],
            dim=1,
        )

    def _allowed(self, name: str, coarse: Tensor) -> Tensor:
        if name in TEMPERATURES:
            return torch.full_like(coarse, self.section.error_k)
        if name != RAIN:
            raise UserError(
                f"physics.guidance states no allowed error in {VARIABLES[name].units} for {name}: "
                "take it out of the targets or use a model without guidance"
            )
        return (self.section.relative_error * coarse).clamp(min=self.section.error_mm_day)


def guided(denoiser: Denoiser, observation: Observation, variance: float) -> Denoiser:
    """Return a denoiser of the same shapes that knows an observation; `variance` is σ_d²."""

    def conditioned(x: Tensor, sigma: Tensor) -> Tensor:
        r = remaining_std(sigma, variance)
        q = remaining_std(sigma, observation.gamma * variance)
        return observation.pull(denoiser(x, sigma), r, q)

    return conditioned


def remaining_std(sigma: Tensor, prior_variance: float) -> Tensor:
    """Return the standard deviation r (B, 1, 1, 1) that noise of level σ (B,) leaves.

    Of white N(0, v): r² = σ² v / (σ² + v).
    """
    noise = (sigma**2)[:, None, None, None]
    return (noise * prior_variance / (noise + prior_variance)).sqrt()
