"""Scores that pair no days, on climates whose differences are known."""

import warnings

import numpy as np
import pytest

import climates
from downbench.scores.bootstrap import interval
from downbench.scores.climate import (
    cell_distributions,
    climate_comparison,
    climate_rows,
    dependence,
)
from downbench.scores.climate.yearly_indices import (
    longest_spell,
    percentile,
    spell_starts,
    very_wet_threshold,
    yearly_indices,
)

AREA = np.ones((6, 6))
TIME = climates.days(2001, 8, (1, 7))


def compared(
    mine: np.ndarray, truth: np.ndarray, name: str, time=TIME, other=TIME, paired: bool = False
):
    return climate_comparison.compare(
        climates.series(mine, time, name), climates.series(truth, other, name), AREA,
        climates.settings(), paired=paired,
    )  # fmt: skip


def rows(found) -> dict[str, np.ndarray]:
    """First row of every metric; of quantiles the median's."""
    named = {}
    for row in found:
        if np.isnan(row.threshold) or row.threshold in (50.0, 1.0):
            named.setdefault(row.metric, row.value)
    return named


def test_the_same_climate_has_no_distance_and_no_bias():
    for name in ("pr", "tasmax"):
        truth = climates.weather(TIME, 1, name=name)
        both = compared(truth, truth, name, paired=True)
        found = rows([
            *climate_rows.distribution_rows(both), *climate_rows.index_rows(both),
            *climate_rows.seasonal_cycle_rows(both),
            *climate_rows.dependence_rows(both, 2),
        ])  # fmt: skip
        zero = [m for m in found if m.endswith("_bias")]
        zero += ["wasserstein", "energy_distance", "wasserstein_pooled", "seasonal_cycle_rmse"]
        for metric in zero:
            np.testing.assert_allclose(found[metric], 0, atol=1e-6, err_msg=metric)


def test_a_shift_is_its_own_wasserstein_distance():
    truth = climates.weather(TIME, 2, name="tasmax")
    both = compared(truth + 1.5, truth, "tasmax")
    found = rows([*climate_rows.distribution_rows(both), *climate_rows.index_rows(both)])
    for metric in ("wasserstein", "wasserstein_pooled", "mean_bias", "txx_bias"):
        assert found[metric][0] == pytest.approx(1.5, abs=0.02), metric
    assert found["quantile_bias"][0] == pytest.approx(1.5, abs=0.1)


def test_the_energy_distance_is_the_integral_of_the_squared_gap():
    """Two constants d apart: F − G is 1 over a stretch of d, so both distances are d."""
    truth = np.full((len(TIME), 1, 6, 6), 280.0)
    both = compared(truth + 3, truth, "tasmax")
    found = rows(climate_rows.distribution_rows(both))
    assert found["wasserstein"][0] == pytest.approx(3.0, abs=1e-6)
    assert found["energy_distance"][0] == pytest.approx(3.0, abs=1e-6)


def test_wasserstein_agrees_with_scipy():
    stats = pytest.importorskip("scipy.stats")
    truth, mine = climates.weather(TIME, 3), 1.3 * climates.weather(TIME, 4)
    both = compared(mine, truth, "pr")
    exact = np.mean([
        stats.wasserstein_distance(mine[:, 0, y, x], truth[:, 0, y, x])
        for y in range(6) for x in range(6)
    ])  # fmt: skip
    assert rows(climate_rows.distribution_rows(both))["wasserstein"][0] == pytest.approx(
        exact, rel=0.03
    )


def test_few_years_alone_have_the_distance_of_the_floor():
    """A perfect model that was drawn for four years is as far off as the floor says."""
    long, short = climates.days(2001, 24, (1, 7)), climates.days(2001, 4, (1, 7))
    truth = climates.weather(long, 5, name="tasmax")
    both = compared(
        climates.weather(short, 6, name="tasmax"), truth, "tasmax", time=short, other=long
    )
    found = rows(climate_rows.distribution_rows(both))
    for metric in ("wasserstein", "wasserstein_pooled"):
        ratio = found[metric][0] / found[f"{metric}_floor"][0]
        assert 0.6 < ratio < 1.6, metric


@pytest.mark.parametrize(("years", "drawn"), [(34, 8), (10, 8), (10, 5)])
def test_the_floor_is_what_a_perfect_model_has_however_few_years_are_left_over(years, drawn):
    """Years of one law, each with a warmth of its own: the mean of many floors and distances."""
    rng, floors, distances = np.random.default_rng(3), [], []
    area = np.ones(1)
    for _ in range(400):
        truth, mine = (in_bins(rng.standard_normal(count)) for count in (years, drawn))
        pair = (np.ones((1, drawn)), np.ones((1, years)))
        borders = np.arange(truth.shape[-1], dtype=float)
        distances.append(np.ravel(cell_distributions.distances(mine, truth, pair, area, borders)))
        floors.append(cell_distributions.noise_floor(truth, drawn, area, borders, rng))
    ratio = np.mean(floors, axis=0) / np.mean(distances, axis=0)
    np.testing.assert_allclose(ratio, 1, atol=0.2)


def in_bins(warmth: np.ndarray) -> np.ndarray:
    """Values at or below each border (year, 1, border), of years that differ by their warmth."""
    values = np.linspace(-8, 8, 200)[None, :, None] + warmth[:, None, None]
    borders = np.arange(-20, 21)
    below = (values <= borders).sum(axis=1).astype(np.float32)
    return below[:, None, :]


def test_a_cell_that_one_side_lacks_counts_nowhere():
    truth = climates.weather(TIME, 7, name="tasmax")
    mine = truth + 1.0
    mine[:, :, 0, 0] = np.nan
    truth[:, :, 3, 3] = np.nan
    both = compared(mine, truth, "tasmax")
    assert rows(climate_rows.distribution_rows(both))["wasserstein"][0] == pytest.approx(
        1.0, abs=0.02
    )


def test_spells_end_at_gaps_and_at_the_end_of_a_year():
    """Trap T27: four wet days over a gap are two spells of two."""
    flags = np.array([1, 1, 1, 0, 1, 1, 1, 1, 0, 1], bool)
    whole = np.array([0, 1, 1, 1, 1, 1, 1, 1, 1, 1], bool)
    broken = whole.copy()
    broken[6] = False
    assert longest_spell(flags[:, None], whole)[0] == 4
    assert longest_spell(flags[:, None], broken)[0] == 3
    assert spell_starts(flags, whole).sum() == 3 and spell_starts(flags, broken).sum() == 4


def test_indices_of_a_year_known_by_heart():
    time = climates.days(2001, 2)
    rain = np.zeros(len(time))
    rain[10:15] = [1.0, 30.0, 2.0, 0.99, 4.0]
    found = yearly_indices(climates.series(rain, time), 1.0, np.full((1, 1), 20.0, np.float32))
    first = {name: float(field[0, 0, 0, 0]) for name, field in found.items()}
    assert first["rx1day"] == 30 and first["cwd"] == 3 and first["prcptot"] == 37
    assert first["sdii"] == pytest.approx(37 / 4) and first["r95p"] == 30
    assert first["cdd"] == 350 and first["wet_spells"] == 2 and first["dry_spells"] == 3
    second = {name: float(field[1, 0, 0, 0]) for name, field in found.items()}
    assert second["rx1day"] == 0 and second["cdd"] == 365 and np.isnan(second["sdii"])


def test_a_winter_is_one_year():
    time = climates.days(2000, 3, (12, 1, 2))
    one = climates.series(np.arange(len(time), dtype=float), time, "tas", start=12)
    assert list(one.years) == [2000, 2001, 2002, 2003]
    warmest = yearly_indices(one, 1.0)["txx"][:, 0, 0, 0]
    # The last day of each February, then the December at the end.
    assert list(warmest) == [59.0, 149.0, 239.0, len(time) - 1]


def test_indices_are_taken_per_member_and_not_of_the_mean():
    """Trap T22: a mean of members never rains as hard as one of them."""
    rain = climates.weather(TIME, 8, members=20)
    of_members = yearly_indices(climates.series(rain, TIME), 1.0)
    of_mean = yearly_indices(climates.series(rain.mean(axis=1, keepdims=True), TIME), 1.0)
    assert of_members["rx1day"].mean() > 3 * of_mean["rx1day"].mean()
    assert of_members["wet_day_frequency"].mean() < 0.6 < of_mean["wet_day_frequency"].mean()


def test_percentiles_agree_with_numpy_and_leave_out_what_is_missing():
    values = climates.weather(TIME, 9)[:, 0].astype(np.float32)
    values[values < 1] = np.nan
    values[:, 0, 0] = np.nan
    found = percentile(values, 95)
    with warnings.catch_warnings(action="ignore", category=RuntimeWarning):
        expected = np.nanpercentile(values, 95, axis=0)
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    assert np.isnan(very_wet_threshold(climates.series(np.zeros(len(TIME)), TIME), 1.0)).all()


def test_lag_1_of_an_autoregressive_process_within_months_only():
    rng, phi = np.random.default_rng(10), 0.6
    noise = rng.standard_normal((len(TIME), 1, 6, 6))
    values = noise.copy()
    for day in range(1, len(values)):
        values[day] = phi * values[day - 1] + np.sqrt(1 - phi**2) * noise[day]
    one = climates.series(280 + values, TIME, "tasmax")
    weights = np.ones((1, len(one.years)))
    assert dependence.correlation(dependence.lag1(one), weights)[0] == pytest.approx(phi, abs=0.04)
    assert one.follows.sum() == len(TIME) - 2 * 8  # every month begins anew


def test_seasons_are_no_correlation():
    """A cycle that all cells and days share leaves neither lag 1 nor correlation in space."""
    time = climates.days(2001, 6)
    cycle = 10 * np.sin(2 * np.pi * time.month.values / 12)
    noise = np.random.default_rng(11).standard_normal((len(time), 1, 6, 6))
    one = climates.series(cycle[:, None, None, None] + noise, time, "tasmax")
    weights = np.ones((1, 6))
    assert abs(dependence.correlation(dependence.lag1(one), weights)[0]) < 0.03
    assert abs(dependence.mean_correlation(dependence.spatial(one, 1), weights)[0]) < 0.03


def test_rank_correlation_of_two_variables():
    rng = np.random.default_rng(12)
    first = rng.standard_normal((len(TIME), 1, 6, 6))
    second = -0.8 * first + 0.6 * rng.standard_normal(first.shape)
    one, two = climates.series(np.exp(first), TIME), climates.series(290 + second, TIME, "tasmax")
    found = dependence.correlation(dependence.rank_sums(one, two), np.ones((1, 8)))[0]
    exact = -6 / np.pi * np.arcsin(0.8 / 2)  # Spearman's of a normal pair with −0.8
    assert found == pytest.approx(exact, abs=0.03)


def test_intervals_hold_the_truth_as_often_as_they_say():
    """The bias of a perfect model with as many years of its own excludes zero in 5 % of cases."""
    rng, missed = np.random.default_rng(13), 0
    for _ in range(200):
        mine, truth = rng.standard_normal((2, 10))
        drawn = climate_comparison.year_counts(10, climates.settings(200), "ensemble")
        other = climate_comparison.year_counts(10, climates.settings(200), "truth")
        bias = (drawn @ mine - other @ truth) / 10
        lower, upper = interval(bias, 10, 0.95)
        missed += not lower <= 0 <= upper
    assert missed <= 20


def test_distances_need_no_order_of_years():
    truth, mine = climates.weather(TIME, 14), climates.weather(TIME, 15)
    one, other = climates.series(mine, TIME), climates.series(truth, TIME)
    borders = cell_distributions.edges(one, other)
    first, second = (
        cell_distributions.cumulative_counts(one, borders),
        cell_distributions.cumulative_counts(other, borders),
    )
    weights = np.ones((1, 8))
    found = cell_distributions.distances(first, second, (weights, weights), AREA.ravel(), borders)
    turned = cell_distributions.distances(
        first[::-1], second, (weights, weights), AREA.ravel(), borders
    )
    np.testing.assert_allclose(found, turned, rtol=1e-5)
