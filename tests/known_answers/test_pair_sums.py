"""Correlations from sums: numpy's within a cell, about each cell's own mean over several."""

import numpy as np
import pytest

from downbench.scores import pair_sums


def sums(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Of pairs (pair, cell), (6, cell)."""
    return np.stack([one.sum(axis=0) for one in (np.ones_like(a), a, b, a * a, b * b, a * b)])


@pytest.fixture
def pairs() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    a = rng.normal(size=(400, 3))
    return a, 0.6 * a + rng.normal(size=(400, 3))


def test_one_cell_has_the_correlation_of_numpy(pairs) -> None:
    a, b = (one[:, :1] for one in pairs)
    wanted = np.corrcoef(a[:, 0], b[:, 0])[0, 1]
    assert pair_sums.correlation(sums(a, b), 1.0, 2) == pytest.approx(wanted, abs=1e-12)


def test_means_of_cells_are_no_correlation(pairs) -> None:
    apart = np.array([0.0, 10.0, -20.0])
    a, b = pairs
    alike = pair_sums.correlation(sums(a, b), 1.0, 2)
    assert pair_sums.correlation(sums(a + apart, b - apart), 1.0, 2) == pytest.approx(alike)


def test_a_large_cell_weighs_more_and_one_of_few_pairs_nothing(pairs) -> None:
    a, b = pairs
    one = sums(a, b)
    single = pair_sums.correlation(one[:, 1:2], 1.0, 2)
    assert pair_sums.correlation(one, np.array([0.0, 5.0, 0.0]), 2) == pytest.approx(single)
    few = one.copy()
    few[:, [0, 2]] = sums(a[:2], b[:2])[:, [0, 2]]
    assert pair_sums.correlation(few, 1.0, 3) == pytest.approx(single)
    assert pair_sums.correlation(few, 1.0, 2) != pytest.approx(single)


def test_nothing_that_varies_has_none() -> None:
    still = np.ones((9, 2))
    assert np.isnan(pair_sums.correlation(sums(still, still), 1.0, 2))
    assert np.isnan(pair_sums.correlation(sums(still[:1], still[:1]), 1.0, 2))


def test_resamples_stand_before_cells(pairs) -> None:
    one = sums(*pairs)
    both = np.stack([one, 2 * one], axis=1)
    np.testing.assert_allclose(
        pair_sums.correlation(both, 1.0, 2), [pair_sums.correlation(one, 1.0, 2)] * 2
    )
