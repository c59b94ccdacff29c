"""The rate that the synthetic region was given comes out of the law inside its interval."""

from functools import cache

import numpy as np
import pytest
import xarray as xr

import synthetic_region as made
from downbench.physics.clausius_clapeyron import (
    Counts,
    percentile,
    rate_between_percent_per_k,
    rate_percent_per_k,
    resampled,
)
from downbench.physics.wet_climate import climate, day_weights, on_days
from downbench.scores.bootstrap import interval, resample
from downbench.sources import synthetic_terrain, synthetic_weather
from downbench.sources.synthetic import coarse_km

WET_MM_DAY, BINS, PERCENTILES = 0.1, 12, (95, 99)
SET_RATE = made.whole_region().synthetic.weather.cc_rate_percent_per_k


def by_year(series: xr.Dataset, parts: int) -> tuple[Counts, np.ndarray]:
    """Counts per year of the coarse rain's wet values, and the anomalies [K] of all days."""
    means = climate(made.long_truth(), "tasmax", WET_MM_DAY, parts)
    weights = day_weights(series["time"], parts)
    warm = series["tasmax"].values - on_days(means.temperature, weights)
    rain = series["pr"].where(series["pr"] >= WET_MM_DAY).values / on_days(means.rain, weights)
    year = series["time"].dt.year.values
    counts = Counts(int(year.max() - year.min()) + 1)
    counts.add(year - year.min(), warm, rain)
    return counts, warm


def draws(blocks: int, seed: int) -> np.ndarray:
    return resample(np.arange(blocks), 400, seed)


def rates(parts: int, percent: float) -> np.ndarray:
    number = by_year(made.long_truth(), parts)[0].number
    count, temperature = resampled(number, draws(len(number), 1), BINS)
    return rate_percent_per_k(percentile(count, percent), temperature)


@pytest.mark.parametrize("percent", PERCENTILES)
def test_the_rate_against_daily_temperature_is_recovered(percent: float) -> None:
    low, high = interval(rates(12, percent), 34, 0.95)
    assert low < SET_RATE < high
    assert high - low < 2.5


def test_pooling_seasons_hides_the_rate() -> None:
    """Wet winters and dry summers: without a climate of the season the rate is almost nil."""
    low, high = interval(rates(1, 99), 34, 0.95)
    assert high < 2


@cache
def later() -> xr.Dataset:
    """The same climate sixty years on: warmer by the trend, other weather."""
    region = made.whole_region()
    fine = synthetic_terrain.static(region)
    ground = synthetic_terrain.coarse_static(fine, region.factor)
    time = synthetic_weather.days(2041, 2074)
    return synthetic_weather.simulate(
        region.synthetic, ground, coarse_km(region), time, "another future"
    )


@pytest.mark.parametrize("percent", PERCENTILES)
def test_the_rate_between_periods_is_recovered(percent: float) -> None:
    heavy, warmth = [], []
    for seed, series in enumerate((made.long_truth(), later())):
        counts, warm = by_year(series, 12)
        year = series["time"].dt.year.values
        mean = np.array([warm[year == one].mean() for one in np.unique(year)])
        drawn = draws(len(mean), seed)
        heavy.append(percentile(drawn @ counts.number.sum(axis=1), percent))
        warmth.append(drawn @ mean / drawn.sum(axis=1))
    warming = warmth[1] - warmth[0]
    assert warming[0] == pytest.approx(4.8, abs=0.3)
    low, high = interval(rate_between_percent_per_k(*heavy, warming), 34, 0.95)
    assert low < SET_RATE < high
    assert high - low < 2.5
