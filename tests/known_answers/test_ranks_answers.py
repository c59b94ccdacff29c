"""Rank histograms of calibrated ensembles are flat, also with 70 % dry cells (trap T4)."""

import numpy as np
import pytest

import scores_fixtures
from downbench.scores.bootstrap import resample
from downbench.scores.metrics import ranks
from downbench.scores.statistics import means


def histogram(drawn: np.ndarray, variable: str) -> dict[str, np.ndarray]:
    """Histogram and p-values of (day, 1 + member, y, x), the first being the truth."""
    members, truth = drawn[:, 1:], drawn[:, 0]
    context = scores_fixtures.some_context(members, truth, variable)
    statistics = ranks.daily(scores_fixtures.some_fields(members, truth), context)
    labels = np.arange(len(truth))
    averages = means(statistics, resample(labels, 200, 1), len(truth))
    found: dict[str, list[float]] = {}
    for row in ranks.rows(averages, context):
        found.setdefault(row.metric, []).append(float(row.value[0]))
    return {name: np.array(values) for name, values in found.items()}


def test_seventy_percent_dry_is_flat() -> None:
    """`<` alone would put 7.7 into the first of eleven bins."""
    rng = np.random.default_rng(0)
    found = histogram(scores_fixtures.rain_like(rng.normal(size=(60, 11, 32, 32))), "pr")
    assert np.abs(found["rank_histogram"] - 1).max() < 0.05
    assert np.abs(found["rank_histogram_wet"] - 1).max() < 0.05
    assert found["rank_chi2_p"] > 0.01
    assert found["rank_chi2_p_wet"] > 0.01


def test_the_random_share_covers_all_ties() -> None:
    deviation = np.zeros((1, 4, 1, 1000))
    uniform = np.random.default_rng(0).random((1, 1, 1000))
    counts = np.bincount(ranks.ranks(deviation, uniform).ravel(), minlength=5)
    assert counts.min() > 150


def test_conditioning_on_a_wet_truth_would_not_be_flat() -> None:
    """Why the wet variant asks for truth *or* members: the other choice is far from flat."""
    rng = np.random.default_rng(0)
    drawn = scores_fixtures.rain_like(rng.normal(size=(1, 11, 100, 100)))
    wet = drawn[:, 0] >= 1
    rank = ranks.ranks(drawn[:, 1:] - drawn[:, :1], rng.random(wet.shape))
    forbidden = np.bincount(rank[wet], minlength=11) * 11 / wet.sum()
    assert forbidden.max() > 2


@pytest.mark.parametrize("fault", ["bias", "narrow"])
def test_faults_are_found(fault: str) -> None:
    rng = np.random.default_rng(1)
    drawn = rng.normal(size=(40, 9, 16, 16))
    drawn[:, 1:] = drawn[:, 1:] + 0.3 if fault == "bias" else 0.6 * drawn[:, 1:]
    assert histogram(drawn, "tasmax")["rank_chi2_p"] < 1e-3


def test_test_size_holds_for_correlated_cells() -> None:
    """Trap T28: cells that move together must not be counted as independent.

    All cells of a day share most of their noise. With 1024 cells a day taken as independent,
    almost every calibrated ensemble would be rejected at 5 %.
    """
    rng = np.random.default_rng(5)
    p, naive = [], []
    for _ in range(60):
        shared = rng.normal(size=(30, 6, 1, 1))
        drawn = 0.9 * shared + 0.44 * rng.normal(size=(30, 6, 8, 8))
        found = histogram(drawn, "tasmax")
        p.append(found["rank_chi2_p"].item())
        naive.append(np.sum((found["rank_histogram"] - 1) ** 2) / 6 * 30 * 64)
    assert np.mean(np.array(p) < 0.05) <= 0.15
    assert np.mean(np.array(p) < 0.5) > 0.25
    assert np.mean(np.array(naive) > 11.07) > 0.9
