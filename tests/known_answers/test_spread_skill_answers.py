"""Spread–skill of perfect and imperfect Gaussian ensembles."""

import numpy as np
import pytest

import scores_fixtures
from downbench.scores.metrics import spread_skill
from downbench.scores.statistics import means


def ratio(members: np.ndarray, truth: np.ndarray) -> float:
    context = scores_fixtures.some_context(members, truth)
    statistics = spread_skill.daily(scores_fixtures.some_fields(members, truth), context)
    averages = means(statistics, np.ones((1, len(truth))), 1)
    rows = {row.metric: row.value[0] for row in spread_skill.rows(averages, context)}
    return rows["spread_skill"]


@pytest.mark.parametrize("size", [2, 5, 8, 10, 30, 50])
def test_calibrated_is_one_at_any_size(size: int) -> None:
    """Trap T3: without (M + 1) / M and ddof = 1 five members would give 0.815."""
    rng = np.random.default_rng(size)
    drawn = rng.normal(size=(40, size + 1, 64, 64))
    assert ratio(drawn[:, 1:], drawn[:, 0]) == pytest.approx(1, abs=0.015)


def test_half_the_spread_is_a_half() -> None:
    rng = np.random.default_rng(0)
    shared = rng.normal(size=(40, 1, 32, 32))
    size = 2000 // 40
    members = shared + 0.5 * rng.normal(size=(40, size, 32, 32))
    truth = shared[:, 0] + rng.normal(size=(40, 32, 32))
    error = np.sqrt(1 + 0.25 / size)
    assert ratio(members, truth) == pytest.approx(
        0.5 * np.sqrt((size + 1) / size) / error, abs=0.01
    )


def test_averages_come_before_the_ratio() -> None:
    """Days of very different spread: the mean of daily ratios would not be one."""
    rng = np.random.default_rng(2)
    scale = np.exp(rng.normal(size=(60, 1, 1, 1)))
    drawn = scale * rng.normal(size=(60, 6, 16, 16))
    assert ratio(drawn[:, 1:], drawn[:, 0]) == pytest.approx(1, abs=0.05)
