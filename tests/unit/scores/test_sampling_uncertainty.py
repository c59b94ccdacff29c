"""Choices of few years: spread over the series, so that a trend is not taken for their weather."""

import numpy as np
import pytest

import climates
from downbench.core.rng import generator
from downbench.scores.climate import climate_comparison, pooled_distributions
from downbench.scores.climate.sampling_uncertainty import year_subsets

AREA = np.ones((6, 6))


def parts(years: int, drawn: int) -> np.ndarray:
    return year_subsets(years, drawn, generator("floor", 1))


@pytest.mark.parametrize(("years", "drawn"), [(34, 8), (10, 8), (10, 2), (9, 4), (4, 3), (2, 1)])
def test_so_many_years_are_chosen_and_every_year_at_times(years, drawn):
    found = parts(years, drawn)
    assert set(np.unique(found)) == {0.0, 1.0}
    assert (found.sum(axis=1) == drawn).all()
    assert (found.mean(axis=0) > 0).all() and (found.mean(axis=0) < 1).all()


def test_choices_are_spread_over_the_series():
    """One year of each eighth, and not always the same."""
    found = parts(34, 8)
    stretches = np.arange(34) * 8 // 34
    for stretch in range(8):
        assert (found[:, stretches == stretch].sum(axis=1) == 1).all()
    assert len(np.unique(found, axis=0)) > 30


def test_a_trend_sets_few_years_hardly_apart():
    """At 0.08 K a year, random choices are 0.25 K from all years."""
    warmth = 0.08 * np.arange(34)
    found = parts(34, 8) @ warmth / 8 - warmth.mean()
    assert np.sqrt(np.mean(found**2)) < 0.08
    by_luck = [np.random.default_rng(n).choice(warmth, 8, replace=False) for n in range(40)]
    assert np.std([one.mean() for one in by_luck]) > 0.18


def test_a_floor_has_no_part_of_the_trend():
    """Years that differ by their trend alone: so few of them have next to no distance."""
    time = climates.days(1981, 34, (7,))
    values = climates.weather(time, 1, name="tasmax")
    flat = laws(values, time)
    rising = laws(values + 0.08 * (time.year.values - 1981)[:, None, None, None], time)
    least = [pooled_distributions.noise_floor(law, 8, "tasmax", 1) for law in (flat, rising)]
    assert least[1] < least[0] + 0.08


def laws(values: np.ndarray, time) -> np.ndarray:
    return climate_comparison.distributions_by_year(climates.series(values, time, "tasmax"), AREA)[
        :, 0
    ]
