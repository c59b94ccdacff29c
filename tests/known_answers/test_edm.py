"""EDM against cases with a known answer (METHODS 6)."""

import pytest
import torch

from downbench.labs.generative.processes import edm

LEVELS = edm.NoiseLevels(0.5, 0.002, 80.0, 7.0, -1.2, 1.2)


def exact(mean: float, std: float) -> edm.Denoiser:
    """The denoiser of N(mean, std²): E[clean | x] in closed form."""

    def denoiser(x: torch.Tensor, sigma: torch.Tensor) -> torch.Tensor:
        s = sigma[:, None, None, None]
        return (std**2 * x + s**2 * mean) / (std**2 + s**2)

    return denoiser


def test_levels_of_the_paper():
    sigmas = LEVELS.sample(18)
    assert len(sigmas) == 19 and sigmas[-1] == 0
    assert sigmas[0] == pytest.approx(80) and sigmas[-2] == pytest.approx(0.002)
    assert sigmas[1] == pytest.approx(57.586, rel=1e-4)


@pytest.mark.parametrize(("solver", "steps"), [("heun", 72), ("dpmpp_2m", 72)])
def test_samplers_recover_a_gaussian(solver, steps):
    noise = torch.randn(64, 1, 32, 32, generator=torch.Generator().manual_seed(0))
    drawn = edm.SAMPLERS[solver](exact(1.3, 0.4), noise, LEVELS.sample(steps), torch.ones(32, 32))
    assert drawn.mean().item() == pytest.approx(1.3, abs=0.01)
    assert drawn.std().item() == pytest.approx(0.4, rel=0.01)


def error(solver: str, steps: int) -> float:
    """Distance to the exact flow of N(0, s²), which maps noise z to s z."""
    noise = torch.randn(4, 1, 16, 16, generator=torch.Generator().manual_seed(0))
    drawn = edm.SAMPLERS[solver](exact(0.0, 0.4), noise, LEVELS.sample(steps), torch.ones(16, 16))
    return (drawn - 0.4 * noise).abs().mean().item()


@pytest.mark.parametrize("solver", edm.SAMPLERS)
def test_samplers_are_of_second_order(solver):
    """Half the step, a quarter of the error."""
    assert error(solver, 80) < 0.35 * error(solver, 40)


def test_few_steps_widen_the_spread_and_the_multistep_solver_less():
    """At 15 evaluations of the network each (trap T30)."""
    assert error("dpmpp_2m", 15) < 0.5 * error("heun", 8)


def test_evaluations_are_counted():
    calls = []

    def denoiser(x, sigma):
        calls.append(sigma[0].item())
        return torch.zeros_like(x)

    edm.heun(denoiser, torch.randn(1, 1, 4, 4), LEVELS.sample(18), torch.ones(4, 4))
    assert len(calls) == 35
    calls.clear()
    edm.dpmpp_2m(denoiser, torch.randn(1, 1, 4, 4), LEVELS.sample(18), torch.ones(4, 4))
    assert len(calls) == 18


def test_masked_cells_stay_zero():
    mask = torch.ones(8, 8)
    mask[:, :3] = 0
    drawn = edm.heun(exact(1.0, 0.4), torch.randn(2, 1, 8, 8), LEVELS.sample(6), mask)
    assert not drawn[..., :3].any() and drawn[..., 3:].abs().min() > 0


def test_the_wrapped_network_gives_unit_variance_in_and_weight_one_out():
    """Preconditioning keeps the network's input at unit variance and its target's loss at one."""
    torch.manual_seed(0)
    for level in (0.01, 0.5, 20.0):
        sigma = torch.full((256,), level)
        clean = 0.5 * torch.randn(256, 1, 16, 16)
        noisy = clean + level * torch.randn_like(clean)
        seen = []

        def network(scaled, c_noise, seen=seen):
            seen.append(scaled)
            return torch.zeros_like(scaled)

        guess = edm.denoise(network, noisy, sigma, 0.5)
        assert seen[0].std().item() == pytest.approx(1, rel=0.02)
        weighted = LEVELS.weight(sigma)[0] * ((guess - clean) ** 2).mean()
        assert weighted.item() == pytest.approx(1, rel=0.03)


def test_training_levels_are_log_normal():
    torch.manual_seed(0)
    logs = LEVELS.train(200_000, torch.device("cpu")).log()
    assert logs.mean().item() == pytest.approx(-1.2, abs=0.02)
    assert logs.std().item() == pytest.approx(1.2, rel=0.01)
