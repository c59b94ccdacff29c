"""Violation rates on numbers that can be counted by hand."""

import numpy as np
import pytest

from downbench.physics.violation_rate import tolerance, violated, violation_rate


def test_the_tolerance_is_the_larger_of_the_two() -> None:
    wanted = np.array([0.0, 1.0, 2.0, 10.0, -10.0])
    np.testing.assert_allclose(tolerance(wanted, 0.1, 0.05), [0.1, 0.1, 0.1, 0.5, 0.5])
    np.testing.assert_allclose(tolerance(wanted, 0.1), 0.1)


def test_shares_are_counted_over_what_is_known() -> None:
    error = np.array([[0.0, 0.2, -0.2, np.nan], [0.1, -0.6, 0.4, 5.0]])
    allowed = tolerance(np.array([0.0, 10.0, 10.0, np.nan]), 0.1, 0.05)
    assert violated(error, allowed).tolist() == [[False] * 4, [False, True, False, False]]
    assert violation_rate(error, allowed[None]) == pytest.approx(1 / 6)
    assert np.isnan(violation_rate(np.full(3, np.nan), np.ones(3)))


def test_a_wider_tolerance_never_finds_more() -> None:
    rng = np.random.default_rng(0)
    rain, error = rng.gamma(0.5, 6, 5000), rng.normal(0, 1, 5000)
    rates = [violation_rate(error, tolerance(rain, 0.1, r)) for r in (0.01, 0.05, 0.1, 0.2)]
    assert rates == sorted(rates, reverse=True)
    assert rates[0] > rates[-1] > 0
