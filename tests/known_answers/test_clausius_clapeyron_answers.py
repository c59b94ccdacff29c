"""The rate that the synthetic region was given comes out of the law inside its interval."""

from functools import cache

import numpy as np
import pytest
import xarray as xr

import synthetic_region as made
from downbench.laws.warming import Run, check, make_run
from downbench.physics.clausius_clapeyron import (
    Counts,
    percentile,
    rate_percent_per_k,
    resampled,
)
from downbench.physics.wet_climate import climate, day_weights, on_days
from downbench.scores.bootstrap import interval, resample
from downbench.sources.synthetic import terrain, weather
from downbench.sources.synthetic.source import coarse_km

WET_MM_DAY, BINS, PERCENTILES = 0.1, 12, (95, 99)
SET_RATE = made.whole_region().target.weather.cc_rate_percent_per_k


def by_year(series: xr.Dataset, parts: int) -> Counts:
    """Counts per year of the coarse rain's wet values."""
    means = climate(made.long_truth(), "tasmax", WET_MM_DAY, parts)
    weights = day_weights(series["time"], parts)
    warm = series["tasmax"].values - on_days(means.temperature, weights)
    rain = series["pr"].where(series["pr"] >= WET_MM_DAY).values / on_days(means.rain, weights)
    year = series["time"].dt.year.values
    counts = Counts(int(year.max() - year.min()) + 1)
    counts.add(year - year.min(), warm, rain)
    return counts


def draws(blocks: int, seed: int) -> np.ndarray:
    return resample(np.arange(blocks), 400, seed)


def rates(parts: int, percent: float) -> np.ndarray:
    number = by_year(made.long_truth(), parts).number
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
    fine = terrain.static(region)
    ground = terrain.coarse_static(fine, region.factor)
    time = weather.days(2041, 2074)
    return weather.simulate(region.target, ground, coarse_km(region), time, "another future")


def as_run(series: xr.Dataset) -> Run:
    """The coarse process as an ensemble of one, of a free-running driver that it equals."""
    fine = series[["pr", "tasmax"]].rename(Y="y", X="x").expand_dims(member=1)
    return make_run(fine.assign_attrs(model="oracle", driver_type="gcm"), series, 365)


def test_the_rate_between_periods_is_recovered() -> None:
    """Sixty years of warming, 4.8 K: the rate is the set one, of members and of their driver."""
    target = made.long_truth()[["pr", "tasmax"]].rename(Y="y", X="x")
    laws = made.laws()
    table = check(as_run(made.long_truth()), as_run(later()), target, laws)
    rows = table.set_index(["metric", "threshold"])
    warming = table[table["metric"] == "warming_between"].iloc[0]
    assert warming["value"] == pytest.approx(4.8, abs=0.3)
    for percent in PERCENTILES:
        for source in ("", "_input"):
            rate = rows.loc[(f"cc_rate_between{source}", percent)]
            assert rate["lower"] < SET_RATE < rate["upper"]
            assert rate["upper"] - rate["lower"] < 2.5
    assert not table["metric"].str.endswith("_reference").any()
