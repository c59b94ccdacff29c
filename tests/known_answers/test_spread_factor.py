"""The factor on the spread of an ensemble, where the answer is known."""

import pytest
import torch

from downbench.core import rng
from downbench.labs.spread import best_factors, best_factors_of_distributions
from downbench.nets.heads import BernoulliGamma, Gaussian, sample, widened

WEIGHTS = torch.ones(40, 40)


def ensemble(members: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(3)
    truth = torch.randn(20, 2, 40, 40, generator=generator)
    return torch.randn(members, 20, 2, 40, 40, generator=generator), truth


@pytest.mark.parametrize("members", [2, 8])
@pytest.mark.parametrize("deviation", [0.7, 1.0, 1.3])
def test_narrow_and_wide_gaussians_get_the_spread_of_the_truth(members: int, deviation: float):
    noise, truth = ensemble(members)
    found = best_factors(lambda f: noise * deviation * f[:, None, None], truth, WEIGHTS)
    torch.testing.assert_close(found, torch.full((2,), 1 / deviation), rtol=0.05, atol=0)


def test_missing_cells_count_nothing():
    noise, truth = ensemble(4)
    truth[..., :5] = torch.nan
    weights = WEIGHTS.clone()
    weights[:, 5:10] = 0
    noise[..., :10] *= 1e6
    found = best_factors(lambda f: noise * f[:, None, None], truth, weights)
    torch.testing.assert_close(found, torch.ones(2), rtol=0.05, atol=0)


def test_no_spread_is_left_alone():
    truth = torch.randn(3, 1, 4, 4)
    same = torch.zeros(2, 3, 1, 4, 4)
    assert best_factors(lambda _: same, truth, torch.ones(4, 4)).tolist() == [1.0]


def test_distributions_per_pixel_keep_their_mean_and_rain_its_frequency():
    """Both too narrow or wide by a known factor: of rain the spread of log rain, as a power."""
    days, size = 24, (24, 24, 24)
    rain = BernoulliGamma(*(torch.full(size, v) for v in (0.7, 1.5, 6.0, 1.0)))
    exact = [rain, Gaussian(torch.full(size, 280.0), torch.ones(size))]
    factors = torch.tensor([1.25, 0.8])
    learned = widened(exact, 1 / factors)
    torch.testing.assert_close(learned[0].mean, rain.mean, rtol=1e-4, atol=0)
    torch.testing.assert_close(learned[0].wet, rain.wet)
    truth = torch.from_numpy(sample(exact, [rng.generator(1, i) for i in range(days)]))
    found = best_factors_of_distributions([learned] * 4, truth, torch.ones(24, 24), (1, "model"))
    torch.testing.assert_close(found, factors, rtol=0.1, atol=0)
