"""Predictive laws against scipy, and their samples against their parameters."""

import numpy as np
import pytest
import torch
from scipy import stats

from downbench.core import rng
from downbench.nets.heads import BernoulliGamma, Gaussian
from downbench.nets.losses import masked_mean
from downbench.nets.space import DRY_MM_DAY


def test_gaussian_likelihood():
    law = Gaussian(torch.tensor(1.5), torch.tensor(2.0))
    expected = -stats.norm(1.5, 2.0).logpdf(0.3) - 0.5 * np.log(2 * np.pi)
    assert law.nll(torch.tensor(0.3)).item() == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("rain", [0.0, 0.05, 0.1 + 1e-3, 3.0, 40.0])
def test_bernoulli_gamma_likelihood(rain):
    law = BernoulliGamma(torch.tensor(0.4), torch.tensor(0.7), torch.tensor(6.0))
    if rain < DRY_MM_DAY:
        expected = -np.log(0.6)
    else:
        expected = -np.log(0.4) - stats.gamma(0.7, scale=6.0).logpdf(rain - DRY_MM_DAY)
    assert law.nll(torch.tensor(rain)).item() == pytest.approx(expected, rel=1e-4)


def test_bernoulli_gamma_samples_have_its_mean_and_wet_share():
    ones = torch.ones(1, 300, 300)
    rain = BernoulliGamma(0.4 * ones, 0.7 * ones, 6.0 * ones).draw(0, rng.generator(0))
    assert (rain > 0).mean() == pytest.approx(0.4, abs=0.01)
    assert rain.mean() == pytest.approx(0.4 * (0.7 * 6.0 + DRY_MM_DAY), rel=0.03)
    assert rain[rain > 0].min() >= DRY_MM_DAY


def test_gaussian_samples_have_its_mean_and_spread():
    ones = torch.ones(1, 300, 300)
    drawn = Gaussian(280 * ones, 2 * ones).draw(0, rng.generator(0))
    assert drawn.mean() == pytest.approx(280, abs=0.03)
    assert drawn.std() == pytest.approx(2, rel=0.01)


def test_missing_cells_do_not_enter_the_loss():
    target = torch.tensor([[[1.0, float("nan")]]])
    loss = torch.tensor([[[3.0, 1e9]]])
    assert masked_mean(loss, target, torch.ones(1, 2)).item() == 3.0


def test_large_cells_weigh_more():
    loss, target = torch.tensor([[[0.0, 1.0]]]), torch.zeros(1, 1, 2)
    assert masked_mean(loss, target, torch.tensor([[1.0, 3.0]])).item() == 0.75
