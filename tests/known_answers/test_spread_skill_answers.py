"""Spread–skill of perfect and imperfect Gaussian ensembles."""

import numpy as np
import pytest

import scores_fixtures
from downbench.scores.metrics import spread_skill
from downbench.scores.statistics import means


def ratios(members: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """Both ratios, by name."""
    context = scores_fixtures.some_context(members, truth)
    statistics = spread_skill.daily(scores_fixtures.some_fields(members, truth), context)
    averages = means(statistics, np.ones((1, len(truth))), 1)
    rows = {row.metric: row.value[0] for row in spread_skill.rows(averages, context)}
    return {name: value for name, value in rows.items() if name.startswith("spread_skill")}


def ratio(members: np.ndarray, truth: np.ndarray) -> float:
    return ratios(members, truth)["spread_skill"]


@pytest.mark.parametrize("size", [2, 5, 8, 10, 30, 50])
def test_calibrated_is_one_at_any_size(size: int) -> None:
    """Trap T3: without (M + 1) / M and ddof = 1 five members would give 0.815."""
    rng = np.random.default_rng(size)
    drawn = rng.normal(size=(40, size + 1, 64, 64))
    assert ratio(drawn[:, 1:], drawn[:, 0]) == pytest.approx(1, abs=0.015)


@pytest.mark.parametrize("size", [3, 16])
@pytest.mark.parametrize("spread", [0.5, 1.2, 1.5])
def test_a_wrong_spread_is_reported_as_it_is(spread: float, size: int) -> None:
    """A large ensemble of this spread has this ratio, whatever the number of members."""
    rng = np.random.default_rng(0)
    shared = rng.normal(size=(40, 1, 64, 64))
    members = shared + spread * rng.normal(size=(40, size, 64, 64))
    truth = shared[:, 0] + rng.normal(size=(40, 64, 64))
    found = ratios(members, truth)
    assert found["spread_skill"] == pytest.approx(spread, rel=0.02)
    assert found["spread_skill_robust"] == pytest.approx(spread, rel=0.02)


def test_a_skewed_calibrated_ensemble_is_one_in_both() -> None:
    drawn = np.random.default_rng(1).gamma(0.4, 8.0, size=(40, 7, 32, 32))
    assert ratios(drawn[:, 1:], drawn[:, 0]) == pytest.approx(
        {"spread_skill": 1, "spread_skill_robust": 1}, abs=0.03
    )


def test_without_error_the_ratio_is_infinite() -> None:
    members = np.random.default_rng(3).normal(size=(20, 4, 16, 16))
    assert set(ratios(members, members.mean(axis=1)).values()) == {np.inf}
    constant = np.ones((20, 4, 16, 16))
    assert np.isnan(list(ratios(constant, constant[:, 0]).values())).all()


def test_averages_come_before_the_ratio() -> None:
    """Days of very different spread: the mean of daily ratios would not be one."""
    rng = np.random.default_rng(2)
    scale = np.exp(rng.normal(size=(60, 1, 1, 1)))
    drawn = scale * rng.normal(size=(60, 6, 16, 16))
    assert ratio(drawn[:, 1:], drawn[:, 0]) == pytest.approx(1, abs=0.05)
