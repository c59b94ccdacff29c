"""Predictive laws against scipy, and their samples against their parameters."""

import numpy as np
import pytest
import torch
from scipy import stats

from downbench.core import rng
from downbench.nets.heads import BernoulliGamma, Gaussian, mean_excess
from downbench.nets.losses import masked_mean
from downbench.nets.target_space import DRY_MM_DAY


def test_gaussian_likelihood():
    law = Gaussian(torch.tensor(1.5), torch.tensor(2.0))
    expected = -stats.norm(1.5, 2.0).logpdf(0.3) - 0.5 * np.log(2 * np.pi)
    assert law.nll(torch.tensor(0.3)).item() == pytest.approx(expected, rel=1e-5)


POWERS = (0.6, 1.0, 2.2)


def bernoulli_gamma(power: float, *size: int) -> BernoulliGamma:
    """Wet with probability 0.4, shape 0.7, scale 6 mm day-1."""
    return BernoulliGamma(*(torch.full(size, v) for v in (0.4, 0.7, 6.0, power)))


@pytest.mark.parametrize("power", POWERS)
@pytest.mark.parametrize("rain", [0.0, 0.05, 0.1 + 1e-2, 3.0, 40.0])
def test_bernoulli_gamma_likelihood(rain, power):
    if rain < DRY_MM_DAY:
        expected = -np.log(0.6)
    else:
        law = stats.gengamma(0.7, power, scale=6.0)
        expected = -np.log(0.4) - law.logpdf(rain - DRY_MM_DAY)
    found = bernoulli_gamma(power).nll(torch.tensor(rain)).item()
    assert found == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("power", POWERS)
def test_bernoulli_gamma_samples_have_its_mean_and_wet_share(power):
    rain = bernoulli_gamma(power, 1, 400, 400).sample(0, rng.generator(0))
    mean = mean_excess(torch.tensor(0.7), torch.tensor(power)).item() * 6.0
    assert mean == pytest.approx(stats.gengamma(0.7, power, scale=6.0).mean(), rel=1e-4)
    assert (rain > 0).mean() == pytest.approx(0.4, abs=0.01)
    assert rain.mean() == pytest.approx(0.4 * (mean + DRY_MM_DAY), rel=0.03)
    assert rain[rain > 0].min() >= DRY_MM_DAY


def test_gaussian_samples_have_its_mean_and_spread():
    ones = torch.ones(1, 300, 300)
    drawn = Gaussian(280 * ones, 2 * ones).sample(0, rng.generator(0))
    assert drawn.mean() == pytest.approx(280, abs=0.03)
    assert drawn.std() == pytest.approx(2, rel=0.01)


def test_missing_cells_do_not_enter_the_loss():
    target = torch.tensor([[[1.0, float("nan")]]])
    loss = torch.tensor([[[3.0, 1e9]]])
    assert masked_mean(loss, target, torch.ones(1, 2)).item() == 3.0


def test_large_cells_weigh_more():
    loss, target = torch.tensor([[[0.0, 1.0]]]), torch.zeros(1, 1, 2)
    assert masked_mean(loss, target, torch.tensor([[1.0, 3.0]])).item() == 0.75
