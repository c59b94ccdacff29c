"""Regimes of the synthetic region: exact density of both variables, and what they share."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

import small_synthetic as small
import synthetic_region
from downbench.sources.synthetic import day_regimes, source
from downbench.sources.synthetic.day_regimes import COLD_POOL, FOEHN, NEUTRAL
from downbench.sources.synthetic.fine_density import FineDensity
from downbench.sources.synthetic.fine_distribution import conditions, fine_given_coarse
from downbench.sources.synthetic.mixture_crps import mixture_crps
from downbench.sources.synthetic.regime_distribution import regimes_of
from downbench.sources.synthetic.regime_temperature import fine_temperature

CELLS, FACTOR = 16, 8
OPTIONS = small.region(CELLS, FACTOR).target
ALTERED = {
    "gradient": {"rain": {"gradient": 2.0}},
    "wet": {"rain": {"wet_amount": 1.0}},
    "exposure": {"rain": {"exposure": 0.6}},
    "elongation": {"rain": {"elongation": 0.3}},
    "foehn": {"temperature": {"foehn_k_per_km": 6.0}},
    "cold pool": {"temperature": {"cold_pool_k": 2.5}},
    "spread": {"temperature": {"foehn_sd": 1.5}},
}


@pytest.fixture(scope="module")
def coarse():
    return {n: v[:80] for n, v in small.coarse(CELLS, FACTOR, 0.5).items()}


@pytest.fixture(scope="module")
def fine(coarse):
    white = small.noise(OPTIONS, FACTOR, len(coarse["pr"]))
    return fine_given_coarse(coarse, small.surface(CELLS, FACTOR), OPTIONS, white)


def density(options=OPTIONS):
    return FineDensity(small.surface(CELLS, FACTOR), options)


@pytest.fixture(scope="module")
def of_truth(fine, coarse):
    return density().log_density(fine, coarse)


@pytest.mark.parametrize("altered", ALTERED)
def test_no_other_constants_have_a_higher_mean_log_density(altered, fine, coarse, of_truth):
    other = density(small.with_regimes(OPTIONS, **ALTERED[altered])).log_density(fine, coarse)
    gain = of_truth - other
    assert gain.mean() > 2 * gain.std(ddof=1) / np.sqrt(gain.size)


def test_rain_depends_on_the_regime_of_temperature(coarse):
    day = conditions(coarse, small.surface(CELLS, FACTOR), OPTIONS)
    scalars = np.random.default_rng(1).standard_normal((80, 2))
    first, _ = regimes_of(day, small.surface(CELLS, FACTOR), OPTIONS, scalars)
    assert set(first) == {NEUTRAL, FOEHN, COLD_POOL}
    phi = day_regimes.features(day, small.surface(CELLS, FACTOR), OPTIONS.regimes.features)
    of_rain = day_regimes.rain_probabilities(OPTIONS.regimes.rain, phi)
    assert np.abs(of_rain[:, FOEHN] - of_rain[:, COLD_POOL]).max() > 0.2
    np.testing.assert_allclose(of_rain.sum(axis=-1), 1)


def test_regimes_depend_on_the_day():
    shape = (3, 2, 2)
    wind = np.array([0.2, 3.0, 14.0], np.float32)[:, None, None] * np.ones(shape, np.float32)
    day = {
        "pr": np.zeros(shape, np.float32),
        "uas": wind,
        "vas": 0 * wind,
        "sea_level_k": np.full(shape, 280.0, np.float32),
    }
    phi = day_regimes.features(day, small.surface(CELLS, FACTOR), OPTIONS.regimes.features)
    chance = day_regimes.temperature_probabilities(OPTIONS.regimes.temperature, phi)
    assert chance[0, COLD_POOL] > 0.8 and chance[2, FOEHN] > 0.5
    assert chance[0, FOEHN] < 0.05 and chance[2, COLD_POOL] < 0.2


def test_states_are_chosen_as_often_as_their_probabilities_say():
    normal = np.random.default_rng(3).standard_normal(20_000)
    chosen = day_regimes.choose(np.tile([0.2, 0.5, 0.3], (20_000, 1)), normal)
    np.testing.assert_allclose(np.bincount(chosen) / 20_000, [0.2, 0.5, 0.3], atol=0.015)


@pytest.mark.parametrize("regime", [FOEHN, COLD_POOL])
def test_temperature_given_a_regime_is_normal_with_the_known_moments(regime, coarse):
    surface, count = small.surface(CELLS, FACTOR), 600
    same = {name: np.repeat(values[5:6], count, axis=0) for name, values in coarse.items()}
    day = conditions(same, surface, OPTIONS)
    white = small.noise(OPTIONS, FACTOR, count)["temperature"]
    samples = fine_temperature(day, surface, OPTIONS, np.full(count, regime), white)
    one = {name: values[:1] for name, values in day.items()}
    normal = density().temperature
    mean, sd = normal.mean(one, regime)[0], normal.sd(one, regime)[0]
    z = (samples.mean(axis=0) - mean) / sd * np.sqrt(count)
    assert np.abs(z).max() < 4.5
    np.testing.assert_allclose(samples.std(axis=0) / sd, 1, atol=5 / np.sqrt(2 * count))


def test_log_density_of_temperature_is_scipys(fine, coarse):
    surface = small.surface(CELLS, FACTOR)
    day = {n: v[:2] for n, v in conditions(coarse, surface, OPTIONS).items()}
    normal = density().temperature
    found = normal.log_density(fine["tasmax"][:2], day)
    kept = normal.kept_cells
    for regime in (NEUTRAL, FOEHN):
        mean = normal.mean(day, regime).reshape(2, -1)[1, kept]
        scale = (normal.sd(day, regime)[1] / normal.sd(day, NEUTRAL)[1]).ravel()[0]
        first = normal.sd(day, NEUTRAL)[1].ravel()[0] ** 2 / normal.covariance[0, 0]
        reference = stats.multivariate_normal(
            mean, scale**2 * first * normal.covariance[np.ix_(kept, kept)], allow_singular=False
        )
        value = reference.logpdf(fine["tasmax"][1].reshape(-1)[kept].astype(np.float64))
        assert found[regime, 1] == pytest.approx(value, rel=1e-4)


def test_closed_crps_is_that_of_many_samples(fine, coarse):
    weights, means, spreads = density().temperature_mixture(coarse)
    component = weights.T[:, :, None, None] * np.ones_like(means)
    closed = mixture_crps(component, means, spreads, fine["tasmax"])[:4, 3, 3]
    rng = np.random.default_rng(4)
    for day in range(4):
        chosen = rng.choice(3, 40_000, p=weights[day])
        x = rng.normal(means[chosen, day, 3, 3], spreads[chosen, day, 3, 3])
        y = fine["tasmax"][day, 3, 3]
        crps = np.abs(x - y).mean() - 0.5 * np.abs(x[::2] - x[1::2]).mean()
        assert closed[day] == pytest.approx(crps, abs=0.02)


def test_foehn_warms_the_lee_and_cold_pools_the_hollows():
    surface = small.surface(CELLS, FACTOR)
    assert np.all(surface.descents_km >= 0) and surface.descents_km.max() > 0.1
    north = replace(surface, height_km=surface.height_km[::-1].copy())
    np.testing.assert_allclose(north.descents_km[4][::-1], surface.descents_km[12], atol=1e-5)


def test_without_regimes_the_region_is_what_it_was():
    region = synthetic_region.region(1984, 1984)
    options = region.target.model_copy(update={"regimes": "none"})
    target = source.target(region.model_copy(update={"target": options}))
    days = [3, 40, 200], [10, 30, 50], [12, 40, 20]
    rain, warmth = (target[name].values[days] for name in ("pr", "tasmax"))
    np.testing.assert_allclose(rain, [3.008014, 18.70197, 0.0], rtol=1e-4)
    np.testing.assert_allclose(warmth, [288.25931, 278.74121, 311.27936], atol=1e-3)


def test_density_of_single_cells_is_one_and_beats_the_normal_of_its_moments(fine, coarse):
    day = {name: values[:1] for name, values in coarse.items()}
    values = np.linspace(230, 330, 4001)[:, None, None, None] * np.ones((1, CELLS, CELLS))
    of_day = density().temperature_log_density(values[:, 0], day)
    np.testing.assert_allclose(np.trapezoid(np.exp(of_day), dx=0.025, axis=0), 1, rtol=1e-4)
    weights, means, sds = density().temperature_mixture(coarse)
    weights = weights.T[:, :, None, None]
    mean = (weights * means).sum(axis=0)
    sd = np.sqrt((weights * (sds**2 + (means - mean) ** 2)).sum(axis=0))
    exact = density().temperature_log_density(fine["tasmax"], coarse)
    gain = (exact - stats.norm(mean, sd).logpdf(fine["tasmax"])).mean(axis=(1, 2))
    assert gain.mean() > 3 * gain.std(ddof=1) / np.sqrt(gain.size)
