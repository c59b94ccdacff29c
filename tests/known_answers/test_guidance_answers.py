"""Guided sampling against the exact posterior of a Gaussian (METHODS 1.4)."""

import pytest
import torch

from downbench.labs.generative.processes import edm
from downbench.labs.generative.tools.guidance import Observation, guided

CELLS = 16
LEVELS = edm.NoiseLevels(0.5, 0.002, 80.0, 7.0, -1.2, 1.2)
OBSERVED = 0.35


def gaussian(block: float, within: float) -> edm.Denoiser:
    """Exact denoiser of one 16 × 16 block: variance `block` of its mean, `within` of the rest."""

    def denoiser(x: torch.Tensor, sigma: torch.Tensor) -> torch.Tensor:
        noise = (sigma**2)[:, None, None, None]
        mean = x.mean(dim=(-2, -1), keepdim=True)
        return mean * block / (block + noise / CELLS**2) + (x - mean) * within / (within + noise)

    return denoiser


def sampled(block: float, within: float, error: float, gamma: float) -> torch.Tensor:
    """Block means of guided samples; σ_d² is the variance of a cell."""
    cell = block + within * (1 - 1 / CELLS**2)
    one = torch.ones(1, 1, 1, 1, dtype=torch.float64)
    seen = Observation(
        expected=lambda x, r: (x, torch.ones_like(x)),
        block_means=OBSERVED * one,
        variance=error**2 * one,
        weights=torch.ones(CELLS, CELLS, dtype=torch.float64),
        factor=CELLS,
        gamma=gamma,
    )
    generator = torch.Generator().manual_seed(0)
    noise = torch.randn(2000, 1, CELLS, CELLS, dtype=torch.float64, generator=generator)
    denoiser = guided(gaussian(block, within), seen, cell)
    drawn = edm.heun(denoiser, noise, LEVELS.sample(48), torch.ones(CELLS, CELLS))
    return drawn.mean(dim=(-2, -1)).flatten()


def posterior(block: float, error: float) -> tuple[float, float]:
    """Mean and standard deviation of the block mean, given the observation."""
    return OBSERVED * block / (block + error**2), (block * error**2 / (block + error**2)) ** 0.5


@pytest.mark.parametrize("error", [0.0425, 0.17, 0.327])
def test_white_noise_is_exact_with_gamma_one(error):
    block = 0.06 / CELLS**2
    mean, std = posterior(block, error)
    drawn = sampled(block, 0.06, error, 1.0)
    assert drawn.mean().item() == pytest.approx(mean, abs=0.1 * std)
    assert drawn.std().item() == pytest.approx(std, rel=0.06)


@pytest.mark.parametrize("error", [0.0425, 0.17, 0.327])
def test_coherent_blocks_are_exact_with_their_own_gamma(error):
    """The case whose bias METHODS 1.4 tabulates for a detached gradient with one γ for all."""
    mean, std = posterior(0.05, error)
    gamma = 0.05 * CELLS**2 / (0.05 + 0.01 * (1 - 1 / CELLS**2))
    drawn = sampled(0.05, 0.01, error, gamma)
    assert drawn.mean().item() == pytest.approx(mean, abs=0.1 * std)
    assert drawn.std().item() == pytest.approx(std, rel=0.06)


def test_coherent_blocks_with_gamma_one_are_pulled_too_little():
    mean, _ = posterior(0.05, 0.17)
    drawn = sampled(0.05, 0.01, 0.17, 1.0)
    assert 0 < drawn.mean().item() < 0.6 * mean
