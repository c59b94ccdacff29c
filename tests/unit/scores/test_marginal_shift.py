"""Distances between distributions: nothing between like ones, a planted shift comes out."""

import numpy as np
import pytest
from scipy.stats import wasserstein_distance

import planted_shifts
from downbench.scores.shift import marginal_shift


def distances(reference, driver, name: str) -> dict[str, float]:
    sides = (reference, driver)
    counted = marginal_shift.count(*(s.fields[name] for s in sides), tuple(s.years for s in sides))
    years = [np.unique(side.years).size for side in sides]
    weights = np.concatenate([np.ones(years[0]), np.zeros(years[1])])[None]
    found = marginal_shift.distances(counted, weights, 1 - weights)
    return {metric: float(value[0]) for metric, value in found.items()}


@pytest.mark.parametrize("name", ["pr", "tas"])
def test_a_series_is_no_distance_from_itself(name) -> None:
    days = planted_shifts.series(0)
    assert distances(days, days, name) == pytest.approx(
        {"wasserstein": 0, "wasserstein_normalised": 0, "pit_deviation": 0}, abs=1e-12
    )


def test_a_planted_shift_is_the_distance_in_its_unit_and_in_standard_deviations() -> None:
    days = planted_shifts.series(1)
    found = distances(days, planted_shifts.changed(days, tas=lambda t: t + 1.5), "tas")
    assert found["wasserstein"] == pytest.approx(1.5, rel=0.01)
    spread = days.fields["tas"].std(axis=0)
    assert found["wasserstein_normalised"] == pytest.approx((1.5 / spread).mean(), rel=0.01)


def test_the_distance_is_that_of_scipy_dry_days_included() -> None:
    ours, theirs = (
        planted_shifts.series(2),
        planted_shifts.changed(planted_shifts.series(3), pr=lambda p: 1.4 * p),
    )
    want = np.mean([
        wasserstein_distance(ours.fields["pr"][:, c], theirs.fields["pr"][:, c])
        for c in range(planted_shifts.CELLS)
    ])  # fmt: skip
    assert distances(ours, theirs, "pr")["wasserstein"] == pytest.approx(want, rel=0.02)


def test_the_deviation_is_the_share_of_days_to_be_moved() -> None:
    """All days above the reference's last decile: nine tenths must move."""
    days = planted_shifts.series(4)
    assert distances(days, planted_shifts.changed(days, tas=lambda t: t + 100), "tas")[
        "pit_deviation"
    ] == pytest.approx(0.9, abs=0.005)


def test_missing_values_and_the_weights_of_years_count() -> None:
    days = planted_shifts.series(5)
    gaps = planted_shifts.changed(
        days, tas=lambda t: np.where(np.arange(len(t))[:, None] % 7 == 0, np.nan, t)
    )
    assert distances(days, gaps, "tas")["pit_deviation"] < 0.03
    counted = marginal_shift.count(
        days.fields["tas"], gaps.fields["tas"], (days.years, gaps.years)
    )
    one, other = np.eye(16)[[0]], np.eye(16)[[9]]
    alone = marginal_shift.distances(counted, one, other)["wasserstein"][0]
    want = np.mean([
        wasserstein_distance(days.fields["tas"][:120, c], _valid(gaps.fields["tas"][120:240, c]))
        for c in range(planted_shifts.CELLS)
    ])  # fmt: skip
    assert alone == pytest.approx(want, rel=0.05)


def _valid(values: np.ndarray) -> np.ndarray:
    return values[np.isfinite(values)]
