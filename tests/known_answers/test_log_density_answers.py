"""Exact log densities of heads and mixtures: they are densities, and those of the samples."""

import math

import numpy as np
import pytest
import torch
from scipy import stats

from downbench.core import rng
from downbench.nets import heads
from downbench.nets.heads import SMALLEST_EXCESS_MM_DAY, BernoulliGamma, Gaussian
from downbench.nets.target_space import DRY_MM_DAY

SHAPES = ((0.7, 1.0), (0.05, 0.5), (2.0, 2.2), (20.0, 2.7))
WET, SCALE = 0.4, 6.0


def rain(shape: float, power: float, *size: int) -> BernoulliGamma:
    return BernoulliGamma(*(torch.full(size, v) for v in (WET, shape, SCALE, power)))


def integral(shape: float, power: float, log_density) -> float:
    """Mass of a dry day, of the smallest excess, and of all larger ones."""
    largest = stats.gengamma(shape, power, scale=SCALE).ppf(1 - 1e-9)
    log_excess = np.linspace(np.log(SMALLEST_EXCESS_MM_DAY), np.log(largest), 20_001)
    values = torch.from_numpy(DRY_MM_DAY + np.exp(log_excess))
    wet = np.trapezoid(np.exp(log_density(values).numpy() + log_excess), log_excess)
    dry, smallest = log_density(torch.tensor([0.0, DRY_MM_DAY + 1e-6])).exp().tolist()
    return dry + smallest * SMALLEST_EXCESS_MM_DAY + wet


@pytest.mark.parametrize("shape, power", SHAPES)
def test_mass_and_density_of_rain_are_one(shape: float, power: float) -> None:
    of_rain = rain(shape, power)
    assert integral(shape, power, of_rain.log_density) == pytest.approx(1, abs=1e-4)


def test_the_loss_of_a_training_is_no_density_where_drizzle_is_frequent() -> None:
    """What the first 0.001 mm hold is cut off there: the integral notices."""
    assert integral(0.05, 0.5, lambda value: -rain(0.05, 0.5).nll(value)) < 0.9


@pytest.mark.parametrize("value", [0.11, 3.0, 40.0])
def test_density_of_rain_is_scipys(value: float) -> None:
    known = np.log(WET) + stats.gengamma(0.7, 2.2, scale=SCALE).logpdf(value - DRY_MM_DAY)
    assert rain(0.7, 2.2).log_density(torch.tensor(value)).item() == pytest.approx(known, rel=1e-4)


def test_normal_density_is_scipys_and_one() -> None:
    values = torch.linspace(270, 300, 3001, dtype=torch.float64)
    density = Gaussian(torch.tensor(285.0), torch.tensor(2.0)).log_density(values).numpy()
    np.testing.assert_allclose(density, stats.norm(285, 2).logpdf(values), rtol=1e-6)
    assert np.trapezoid(np.exp(density), values) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("factor", [1.0, 1.6])
def test_samples_have_the_entropy_of_the_density(factor: float) -> None:
    """Also with a factor on the spread, which belongs to the distribution."""
    ones, scale = torch.ones(1, 200, 200), torch.tensor(factor)
    warm = Gaussian(285 * ones, 2 * ones).widened(scale)
    wet = rain(0.9, 1.3, 1, 200, 200).widened(scale)
    excess = stats.gengamma(0.9, wet.power[0, 0, 0].item(), scale=wet.scale[0, 0, 0].item())
    of_rain = stats.bernoulli(WET).entropy() + WET * excess.entropy()
    for part, entropy in ((warm, stats.norm(scale=2 * factor).entropy()), (wet, of_rain)):
        scores = part.log_density(torch.from_numpy(part.sample(0, rng.generator(3)))).numpy()
        assert abs(scores.mean() + entropy) < 3 * scores.std() / math.sqrt(scores.size)


def test_two_components_are_the_mean_of_their_densities() -> None:
    target = torch.tensor([[[[281.0, torch.nan]]], [[[0.0, 3.0]]]]).transpose(0, 1)
    centres, wets = (280.0, 284.0), (0.2, 0.8)
    ones = torch.ones(1, 1, 2)
    components = [
        [Gaussian(centre * ones, 2 * ones), BernoulliGamma(wet * ones, ones, ones, ones)]
        for centre, wet in zip(centres, wets, strict=True)
    ]
    logs = heads.log_density(components, target)[0, :, 0].numpy()
    normal = np.mean([stats.norm(centre, 2).pdf(281) for centre in centres])
    assert logs[0, 0] == pytest.approx(np.log(normal), rel=1e-5) and np.isnan(logs[0, 1])
    density = np.mean(wets) * stats.expon.pdf(3 - DRY_MM_DAY)
    np.testing.assert_allclose(logs[1], np.log([1 - np.mean(wets), density]), rtol=1e-5)
