"""Quantiles of rows, their inverse, and lines between them, against numpy's one row at a time."""

import numpy as np
import pytest

from downbench.bias.quantiles import among, at_levels, mid_levels, probabilities, quantiles


def rows(seed: int, shape: tuple[int, int], digits: int = 7) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).round(digits).astype(np.float32)


def test_quantiles_are_type_7_and_leave_missing_values_out() -> None:
    sample = rows(0, (5, 101))
    sample[1, ::3] = np.nan
    sample[2] = np.nan
    levels = np.linspace(0, 1, 21)
    got = quantiles(np.sort(sample, axis=1), levels)
    some = [0, 1, 3, 4]
    np.testing.assert_allclose(got[some], np.nanquantile(sample[some], levels, axis=1).T, 1e-5)
    assert np.isnan(got[2]).all()


def test_levels_lie_in_the_middle_of_equal_bins() -> None:
    np.testing.assert_allclose(mid_levels(4), [0.125, 0.375, 0.625, 0.875])


def test_probabilities_undo_quantiles() -> None:
    sample = np.sort(rows(1, (3, 60)), axis=1)
    sample[1, 50:] = np.nan
    got = probabilities(sample, sample)
    np.testing.assert_allclose(got[0], np.arange(60) / 59)
    np.testing.assert_allclose(got[1, :50], np.arange(50) / 49)


def test_ties_share_the_mean_of_their_ranks() -> None:
    sample = np.array([[0, 0, 0, 1, 2]], np.float32)
    np.testing.assert_allclose(probabilities(sample, sample), [[0.25, 0.25, 0.25, 0.75, 1.0]])


def test_a_single_value_is_no_division_by_zero() -> None:
    one = np.array([[3.0, np.nan]], np.float32)
    np.testing.assert_array_equal(probabilities(one, one[:, :1]), [[0.0]])


@pytest.mark.parametrize("digits", [7, 0])
def test_places_among_nodes_are_those_of_numpy_bit_by_bit(digits) -> None:
    nodes, others = (np.sort(rows(seed, (4, 30), digits), axis=1) for seed in (2, 3))
    values = np.concatenate([rows(4, (4, 50), digits) * 2, nodes], axis=1)
    want = [np.interp(*row) for row in zip(values, nodes, others, strict=True)]
    np.testing.assert_array_equal(among(values, nodes).of(others), want)


def test_places_among_levels_are_linear_and_constant_beyond_the_ends() -> None:
    nodes = np.sort(rows(5, (2, 10)), axis=1)
    wanted = np.array([[0.0, 0.01, 0.31, 0.95, 1.0], [0.05, 0.5, 0.5, 0.99, 0.2]])
    want = [np.interp(w, mid_levels(10), n) for w, n in zip(wanted, nodes, strict=True)]
    np.testing.assert_allclose(at_levels(wanted, mid_levels(10)).of(nodes), want, rtol=1e-6)
