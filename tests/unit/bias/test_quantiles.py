"""Levels of quantiles and lines between them, against numpy's one row at a time."""

import numpy as np
import pytest

from downbench.bias.quantiles import among_levels, among_nodes, mid_levels


def rows(seed: int, shape: tuple[int, int], digits: int = 7) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).round(digits).astype(np.float32)


def test_levels_lie_in_the_middle_of_equal_bins() -> None:
    np.testing.assert_allclose(mid_levels(4), [0.125, 0.375, 0.625, 0.875])


@pytest.mark.parametrize("digits", [7, 0])
def test_places_among_nodes_are_those_of_numpy_bit_by_bit(digits) -> None:
    nodes, others = (np.sort(rows(seed, (4, 30), digits), axis=1) for seed in (2, 3))
    values = np.concatenate([rows(4, (4, 50), digits) * 2, nodes], axis=1)
    want = [np.interp(*row) for row in zip(values, nodes, others, strict=True)]
    np.testing.assert_array_equal(among_nodes(values, nodes).of(others), want)


def test_places_among_levels_are_linear_and_constant_beyond_the_ends() -> None:
    nodes = np.sort(rows(5, (2, 10)), axis=1)
    wanted = np.array([[0.0, 0.01, 0.31, 0.95, 1.0], [0.05, 0.5, 0.5, 0.99, 0.2]])
    want = [np.interp(w, mid_levels(10), n) for w, n in zip(wanted, nodes, strict=True)]
    np.testing.assert_allclose(among_levels(wanted, mid_levels(10)).of(nodes), want, rtol=1e-6)
