"""A classifier that tells two series apart where, and only where, they differ."""

import numpy as np
import pytest

import planted_shifts
from downbench.scores.shift.two_sample import TwoSampleTest, two_sample_test

REFERENCE = planted_shifts.series(0)


def auc(driver) -> float:
    test = two_sample_test(REFERENCE, driver, components=2, folds=4, ridge=0.1)
    counts = [np.ones((1, size)) for size in test.won.shape]
    return float(test.auc(*counts)[0])


def test_other_years_of_the_same_climate_cannot_be_judged_apart() -> None:
    assert auc(planted_shifts.series(1)) == pytest.approx(0.5, abs=0.04)


@pytest.mark.parametrize(
    ("name", "driver"),
    [
        ("mean", planted_shifts.changed(planted_shifts.series(2), tas=lambda t: t + 4)),
        (
            "spread",
            planted_shifts.changed(planted_shifts.series(3), tas=lambda t: 285 + 2 * (t - 285)),
        ),
        ("relation", planted_shifts.series(4, turn=-0.6)),
    ],
)
def test_a_shift_of_mean_spread_or_relation_is_seen(name, driver) -> None:
    """In the last case both distributions of every predictor are the same."""
    assert auc(driver) > 0.65


def test_a_larger_shift_is_easier_to_see() -> None:
    rising = [
        auc(planted_shifts.changed(planted_shifts.series(5), tas=lambda t, k=k: t + k))
        for k in (1, 4, 16)
    ]
    assert rising == sorted(rising) and rising[-1] > 0.99


def test_the_area_is_that_of_all_pairs_and_follows_the_weights_of_years() -> None:
    found = TwoSampleTest(won=np.array([[4.0, 0.0], [2.0, 3.0]]), pairs=np.full((2, 2), 4.0))
    ones = np.ones((1, 2))
    assert found.auc(ones, ones)[0] == pytest.approx(9 / 16)
    first = np.array([[2.0, 0.0]])
    assert found.auc(first, ones)[0] == pytest.approx(4 / 8)
