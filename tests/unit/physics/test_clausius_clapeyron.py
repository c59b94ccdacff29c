"""Counts, percentiles and slopes of the scaling, against numpy and exact laws."""

import numpy as np
import pytest

from downbench.physics import clausius_clapeyron as scaling
from downbench.physics.clausius_clapeyron import (
    Counts,
    percentile,
    rate_percent_per_k,
    resampled,
)


def counted(temperature: np.ndarray, rain: np.ndarray, block: np.ndarray) -> np.ndarray:
    counts = Counts(int(block.max()) + 1)
    counts.add(block, temperature, rain)
    return counts.number


@pytest.fixture(scope="module")
def drawn() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Anomalies [K] and rain that grows by 6.5 % per kelvin, and 40 blocks of ten days."""
    rng = np.random.default_rng(2)
    warm = rng.normal(0, 4, (400, 300))
    rain = rng.gamma(0.8, 5, warm.shape) * 1.065**warm
    return warm, np.where(rng.random(warm.shape) < 0.5, rain, np.nan), np.arange(400) // 10


def test_every_wet_value_is_counted_once_in_its_block(drawn) -> None:
    warm, rain, block = drawn
    number = counted(warm, rain, block)
    wet = np.isfinite(rain).sum(axis=1).reshape(40, 10).sum(axis=1)
    assert number.sum(axis=(1, 2)).tolist() == wet.tolist()
    halves = Counts(40)
    for part in (slice(0, 205), slice(205, 400)):
        halves.add(block[part], warm[part], rain[part])
    assert (halves.number == number).all()


def test_percentiles_are_those_of_the_values(drawn) -> None:
    warm, rain, block = drawn
    count = counted(warm, rain, block).sum(axis=(0, 1))
    for percent in (50, 95, 99, 99.9):
        wanted = np.nanpercentile(rain, percent)
        assert percentile(count, percent) == pytest.approx(wanted, rel=0.01)
    assert np.isnan(percentile(np.zeros(scaling.RAINS), 99))


def test_bins_hold_equally_many_values(drawn) -> None:
    warm, rain, block = drawn
    number = counted(warm, rain, block)
    count, temperature = resampled(number, np.ones((1, 40)), 8)
    share = count[0].sum(axis=1) / count.sum()
    np.testing.assert_allclose(share, 1 / 8, rtol=0.15)
    order = np.sort(warm[np.isfinite(rain)])
    wanted = [part.mean() for part in np.array_split(order, 8)]
    np.testing.assert_allclose(temperature[0], wanted, atol=0.2)


def test_the_rate_of_an_exact_law_is_found(drawn) -> None:
    warm, rain, block = drawn
    count, temperature = resampled(counted(warm, rain, block), np.ones((1, 40)), 8)
    for percent in (95, 99):
        rate = rate_percent_per_k(percentile(count, percent), temperature)[0]
        assert rate == pytest.approx(6.5, abs=0.5)
    exact = rate_percent_per_k(3 * 1.07 ** np.arange(5.0), np.arange(5.0))
    assert exact == pytest.approx(7)


def test_blocks_that_are_drawn_twice_count_twice(drawn) -> None:
    warm, rain, block = drawn
    number = counted(warm, rain, block)
    twice = np.where(np.arange(40) < 20, 2.0, 0.0)[None]
    count, temperature = resampled(number, twice, 4)
    group = scaling.equal_bins(number, 4)
    half = scaling.grouped(number[:20], group, 4)
    np.testing.assert_allclose(count[0], 2 * half[0].sum(axis=0))
    np.testing.assert_allclose(temperature[0] * count[0].sum(axis=1), 2 * half[1].sum(axis=0))


def test_extremes_are_kept_and_missing_values_are_not(drawn) -> None:
    warm = np.array([[-99.0, 99.0, np.nan, 0.0]])
    rain = np.array([[1e9, 1e-9, 1.0, np.nan]])
    assert counted(warm, rain, np.zeros(1, int)).sum() == 2


def test_the_rate_between_periods_is_the_change_over_the_warming() -> None:
    rate = scaling.rate_between_percent_per_k
    assert rate(np.array(10.0), np.array(10 * 1.065**2.5), 2.5) == pytest.approx(6.5)
    assert not np.isfinite(rate(np.array(10.0), np.array(11.0), 0.0))
