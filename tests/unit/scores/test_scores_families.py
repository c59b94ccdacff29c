"""Pieces of the metric families: pooling, quantiles, persistence, rectangles, distances."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import scores_fixtures
from downbench.core.calendar.dates import day_numbers
from downbench.core.spatial.grids import block_mean, upsample_nearest
from downbench.scores import geometry
from downbench.scores.metric import DayLabels
from downbench.scores.metrics import conservation, distribution, reliability, spectra
from downbench.scores.metrics.extremes import YearlyMaxima
from downbench.scores.metrics.persistence import Persistence
from downbench.scores.paired_fields import fields, pooled
from downbench.scores.reference_climatology import climate
from downbench.scores.statistics import cell_sums, means, one_after_another


def test_pooling_is_area_weighted_and_masked() -> None:
    rng = np.random.default_rng(0)
    members, truth = rng.normal(size=(2, 3, 4, 4)), rng.normal(size=(2, 4, 4))
    truth[0, 0, 0] = np.nan
    area = rng.uniform(1, 2, (4, 4))
    coarse = pooled(fields(members, truth, area, ("a", "b")), 2)
    left = np.array([area[0, 1], area[1, 0], area[1, 1]])
    values = np.array([truth[0, 0, 1], truth[0, 1, 0], truth[0, 1, 1]])
    assert coarse.reference[0, 0, 0] == pytest.approx(np.average(values, weights=left))
    assert coarse.weight[0, 0, 0] == pytest.approx(left.sum())
    values = members[0, 1, [0, 1, 1], [1, 0, 1]]
    assert coarse.members[0, 1, 0, 0] == pytest.approx(np.average(values, weights=left))


def test_a_ratio_of_sums_is_not_a_mean_of_ratios() -> None:
    values = np.array([1.0, 3.0])[:, None, None]
    weight = np.array([1.0, 3.0])[:, None, None]
    one = cell_sums(values, weight)
    joined = one_after_another([{"a": one}, {"a": one}])
    assert means(joined, np.ones((1, 4)), 4).scalar("a")[0] == pytest.approx(2.5)


@pytest.mark.parametrize("variable", ["pr", "tasmax"])
def test_quantiles_agree_with_numpy(variable: str) -> None:
    rng = np.random.default_rng(0)
    normal = rng.normal(size=(20, 4, 32, 32))
    values = scores_fixtures.rain_like(normal) if variable == "pr" else 285 + 6 * normal
    binned = distribution.histogram(values, np.ones((20, 32, 32)), variable)
    pooled_ = (binned.total.sum(axis=0) / binned.weight.sum())[None]
    percentiles = (5, 50, 90, 99, 99.9)
    found = distribution.quantiles(pooled_, percentiles, variable)[0]
    np.testing.assert_allclose(found, np.percentile(values, percentiles), rtol=0.01, atol=0.02)


def test_reliability_of_a_calibrated_ensemble_is_on_the_diagonal() -> None:
    rng = np.random.default_rng(0)
    chance = rng.uniform(size=(100, 1, 20, 20))
    drawn = np.where(rng.uniform(size=(100, 41, 20, 20)) < chance, 15.0, 0.0)
    members, truth = drawn[:, 1:], drawn[:, 0]
    context = scores_fixtures.some_context(members, truth, "pr")
    statistics = reliability.daily(scores_fixtures.some_fields(members, truth), context)
    rows = list(reliability.rows(means(statistics, np.ones((1, 100)), 1), context))
    picked = {
        name: np.array([r.value[0] for r in rows if r.metric == name and r.threshold == 10])
        for name in ("reliability_forecast", "reliability_observed", "reliability_count")
    }
    np.testing.assert_allclose(
        picked["reliability_forecast"], picked["reliability_observed"], atol=0.06
    )
    assert picked["reliability_count"].sum() == pytest.approx(40_000)
    twenty = [r.value[0] for r in rows if r.metric == "reliability_count" and r.threshold == 20]
    np.testing.assert_allclose(twenty, [40_000] + 9 * [0])


def autocorrelated(days: int, memory: float) -> np.ndarray:
    rng = np.random.default_rng(0)
    series = rng.normal(size=(days, 16, 16))
    for day in range(1, days):
        series[day] = memory * series[day - 1] + np.sqrt(1 - memory**2) * series[day]
    return series


def lag1(truth: np.ndarray, follows: np.ndarray, step: int) -> dict[str, float]:
    members = np.stack([truth, truth], axis=1)
    persistence = Persistence(scores_fixtures.some_context(members, truth), np.ones((16, 16)))
    for start in range(0, len(truth), step):
        chosen = slice(start, start + step)
        labels = DayLabels(np.full(follows.size, "all")[chosen], follows[chosen])
        persistence.add(scores_fixtures.some_fields(members[chosen], truth[chosen]), labels)
    return {row.metric: float(row.value[0]) for row in persistence.rows()}


def test_lag1_of_a_known_series_in_any_batches() -> None:
    truth = 285 + autocorrelated(300, 0.7)
    follows = np.arange(300) > 0
    found = lag1(truth, follows, 300)
    assert found["lag1_reference"] == pytest.approx(0.7, abs=0.03)
    assert found["lag1"] == pytest.approx(found["lag1_reference"], abs=1e-6)
    assert lag1(truth, follows, 7) == pytest.approx(found, abs=1e-5)


def test_lag1_never_crosses_a_gap() -> None:
    """Trap T27: spells of two days, each the negative of the one before, joined end to end."""
    spell = np.random.default_rng(0).normal(size=(150, 1, 16, 16))
    truth = np.concatenate([spell, spell], axis=1).reshape(300, 16, 16)
    follows = np.arange(300) % 2 == 1
    assert lag1(truth, follows, 50)["lag1"] == pytest.approx(1, abs=1e-6)
    assert lag1(truth, np.arange(300) > 0, 50)["lag1"] < 0.6


def test_detail_leaves_out_the_block_mean() -> None:
    """A coarse memory and a fine noise: the field remembers, its detail does not."""
    coarse = autocorrelated(200, 0.9)[:, :2, :2].repeat(8, axis=1).repeat(8, axis=2)
    truth = coarse + 0.3 * np.random.default_rng(1).normal(size=(200, 16, 16))
    found = lag1(truth, np.arange(200) > 0, 200)
    assert found["lag1"] > 0.6
    assert abs(found["lag1_detail"]) < 0.05


def test_largest_rectangle() -> None:
    valid = np.zeros((30, 40), bool)
    valid[2:22, 5:35] = True
    valid[0:30, 0:4] = True
    valid[10, 34] = False
    rows, columns = geometry.largest_rectangle(valid, 16)
    assert (rows, columns) == (slice(2, 22), slice(5, 34))
    assert geometry.largest_rectangle(valid[:15], 16) is None


def test_largest_rectangle_against_brute_force() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        valid = rng.random((7, 8)) < 0.8
        found = geometry.largest_rectangle(valid, 2)
        size = 0 if found is None else np.prod([s.stop - s.start for s in found])
        best = max(
            (b - a) * (d - c)
            for a in range(7) for b in range(a + 2, 8) for c in range(8) for d in range(c + 2, 9)
            if valid[a:b, c:d].all()
        )  # fmt: skip
        assert size == best
        assert valid[found].all()


def test_spacing_is_the_real_one() -> None:
    """Trap T32: a degree of longitude at 60°N is half as long as one of latitude."""
    lat, lon = np.meshgrid(np.arange(59.5, 61), np.arange(8.0, 12), indexing="ij")
    dy, dx = geometry.spacing_km(lat, lon)
    assert dy == pytest.approx(111.2, abs=0.1)
    assert dx / dy == pytest.approx(0.5, abs=0.001)


def test_days_of_any_calendar() -> None:
    standard = xr.DataArray(pd.date_range("2001-02-27", periods=3), dims="time")
    thirty = xr.date_range("2001-02-27", periods=6, calendar="360_day", use_cftime=True)
    np.testing.assert_array_equal(day_numbers(standard), [0, 1, 2])
    np.testing.assert_array_equal(day_numbers(xr.DataArray(thirty, dims="time")), np.arange(6))


def value_of(family, members: np.ndarray, truth: np.ndarray, variable: str) -> dict[str, float]:
    """Values of a family's rows from one batch, without bootstrap."""
    context = scores_fixtures.some_context(members, truth, variable)
    statistics = family.daily(scores_fixtures.some_fields(members, truth), context)
    averages = means(statistics, np.ones((1, len(truth))), 1)
    return {row.metric: float(row.value[0]) for row in family.rows(averages, context)}


def test_block_means_that_are_kept_have_no_error() -> None:
    rng = np.random.default_rng(0)
    truth = rng.gamma(1.0, 3.0, (4, 16, 16))
    noise = rng.normal(size=(4, 3, 16, 16))
    noise -= upsample_nearest(block_mean(noise, 8), 8)
    members = truth[:, None] + noise
    assert value_of(conservation, members, truth, "pr")["block_mean_error"] < 1e-9
    shifted = value_of(conservation, members + 0.25, truth, "pr")
    assert shifted["block_mean_error"] == pytest.approx(0.25)


def test_a_value_at_the_threshold_is_wet() -> None:
    """Trap T14."""
    truth = np.where(np.arange(16) < 4, 1.0, 0.999) * np.ones((2, 16, 1))
    found = value_of(distribution, truth[:, None], truth, "pr")
    assert found["wet_day_frequency"] == found["wet_day_frequency_reference"] == 0.25


def test_spectra_are_those_of_members_not_of_their_mean() -> None:
    """Trap T6: the mean of eight noise fields would lose 9 dB."""
    drawn = np.random.default_rng(0).normal(size=(60, 9, 32, 32))
    found = value_of(spectra, 285 + drawn[:, 1:], 285 + drawn[:, 0], "tasmax")
    assert found["log_spectral_distance"] < 0.7


def test_maxima_are_taken_per_member_and_season_year() -> None:
    """Traps T22 and T27."""
    rng = np.random.default_rng(0)
    members, truth = rng.gamma(1.0, 3.0, (40, 5, 16, 16)), rng.gamma(1.0, 3.0, (40, 16, 16))
    years = np.array(["2001"] * 25 + ["2002"] * 15)
    context = scores_fixtures.some_context(members, truth, "pr")
    whole, parts = (YearlyMaxima(context, np.ones((16, 16))) for _ in range(2))
    whole.add(scores_fixtures.some_fields(members, truth), DayLabels(years, years == years))
    for start in (0, 17):
        chosen = slice(start, 17 if start == 0 else None)
        labels = DayLabels(years[chosen], years[chosen] == years[chosen])
        parts.add(scores_fixtures.some_fields(members[chosen], truth[chosen]), labels)
    wanted = np.mean([members[:25].max(axis=0).mean(), members[25:].max(axis=0).mean()])
    for maxima in (whole, parts):
        rows = {row.metric: row.value[0] for row in maxima.rows()}
        assert rows["rx1day"] == pytest.approx(wanted)
    assert wanted > 1.5 * members.mean(axis=1)[:25].max(axis=0).mean()


def sides(valid: np.ndarray) -> tuple[int, int]:
    """Rows and columns of the window of valid cells (day, y, x) of 1 km."""
    lat, lon = np.meshgrid(0.009 * np.arange(40), 0.009 * np.arange(40), indexing="ij")
    found = geometry.window(valid, lat, lon)
    return found.rows.stop - found.rows.start, found.columns.stop - found.columns.start


def test_the_window_weighs_cells_against_days() -> None:
    """A sea costs its place; a day or a cell of a day costs the day; scattered holes some size."""
    valid = np.ones((50, 40, 40), bool)
    valid[:, :, :8] = False
    assert sides(valid) == (40, 32)
    valid[3], valid[7, 20, 20] = False, False
    assert sides(valid) == (40, 32)
    valid[:30, 0, 20] = False
    assert sides(valid) == (39, 32)
    scattered = np.random.default_rng(0).random((50, 40, 40)) > 0.003
    assert min(sides(scattered)) >= 16


def test_no_window_for_spectra_gives_no_number() -> None:
    truth = np.random.default_rng(0).normal(size=(3, 16, 16))
    truth[:, 5, 5] = np.nan
    found = value_of(spectra, truth[:, None] + np.zeros((1, 2, 1, 1)), truth, "tasmax")
    assert list(found) == ["log_spectral_distance"]
    assert np.isnan(found["log_spectral_distance"])


@pytest.mark.parametrize("variable", ["pr", "tasmax"])
def test_climate_of_the_truth(variable: str) -> None:
    normal = np.random.default_rng(0).normal(size=(120, 16, 16))
    truth = scores_fixtures.rain_like(normal) if variable == "pr" else 285 + 8 * normal
    truth[5, 3, 3] = np.nan
    found = climate(truth, np.full((16, 16), 7.0), variable, scores_fixtures.settings())
    values = truth[np.isfinite(truth)]
    wet = values[values >= 1] if variable == "pr" else values
    assert found.mean == pytest.approx(values.mean())
    assert found.deviation == pytest.approx(values.std())
    np.testing.assert_allclose(found.tails, np.percentile(wet, [95, 99]), rtol=0.01)
    if variable == "pr":
        assert found.wet_excess == pytest.approx(wet.mean() - 1)
