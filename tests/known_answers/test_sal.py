"""Structure, amplitude and location of objects whose answer is known by hand."""

import numpy as np
import pytest

import scores_fixtures
from downbench.scores.metrics import sal
from downbench.scores.rain_objects import rain_features
from downbench.scores.statistics import means

CELLS = 16
DIAGONAL = np.hypot(CELLS, CELLS)
S, A, L = "sal_structure", "sal_amplitude", "sal_location"


def square(y: int, x: int, side: int = 2, rain: float = 4.0) -> np.ndarray:
    """A field with one square of even rain."""
    field = np.zeros((CELLS, CELLS))
    field[y : y + side, x : x + side] = rain
    return field


def scores(members: list[np.ndarray], reference: np.ndarray) -> dict[str, float]:
    """SAL of members of one day."""
    days = np.stack(members)[None], reference[None]
    context = scores_fixtures.some_context(*days, "pr")
    sums = sal.daily(scores_fixtures.some_fields(*days), context)
    table = sal.rows(means(sums, np.ones((1, 1)), 1), context)
    return {row.metric: float(row.value[0]) for row in table}


def test_an_identical_field_has_zero() -> None:
    rain = scores_fixtures.rain_like(np.random.default_rng(0).normal(size=(CELLS, CELLS)))
    assert list(scores([rain, rain], rain).values()) == pytest.approx(5 * [0])


def test_a_doubled_amount_changes_amplitude_alone() -> None:
    values = scores([square(4, 4, rain=8)], square(4, 4))
    assert values[A] == pytest.approx(2 / 3)
    assert values[S] == values[L] == pytest.approx(0)


def test_a_displaced_object_changes_location_alone() -> None:
    values = scores([square(4, 9)], square(7, 5))
    assert values[L] == pytest.approx(5 / DIAGONAL)
    assert values[S] == values[A] == pytest.approx(0)


def test_a_flatter_object_of_the_same_rain_changes_structure_alone() -> None:
    """Rain over its peak is the number of cells: 16 against 4."""
    values = scores([square(4, 4, side=4, rain=1)], square(5, 5))
    assert values[S] == pytest.approx(2 * 12 / 20)
    assert values[A] == values[L] == pytest.approx(0)


def test_scattered_objects_about_the_same_centre_change_location_and_not_structure() -> None:
    values = scores([square(5, 2) + square(5, 8)], square(5, 5, rain=8))
    assert values[L] == pytest.approx(2 * 3 / DIAGONAL)
    assert values[S] == values[A] == pytest.approx(0)


def test_signs_cancel_between_members_and_absolute_values_do_not() -> None:
    values = scores([square(4, 4, rain=8), square(4, 4, rain=2)], square(4, 4))
    assert values[A] == pytest.approx(0)
    assert values["sal_amplitude_absolute"] == pytest.approx(2 / 3)


def test_dry_fields() -> None:
    """A member without rain has amplitude −2 and no objects; two dry fields have nothing."""
    values = scores([0 * square(4, 4)], square(4, 4))
    assert values[A] == -2 and np.isnan([values[S], values[L]]).all()
    with np.errstate(invalid="ignore"):
        assert np.isnan(list(scores([0 * square(4, 4)], 0 * square(4, 4)).values())).all()


def test_objects_are_of_one_field_and_above_the_threshold_and_weighted_by_area() -> None:
    field = square(4, 4, rain=15) + square(10, 10, rain=0.9)
    area = np.ones((2, CELLS, CELLS))
    area[1, 4:6, 5] = 3
    features = rain_features(np.stack([field, field]), area)
    assert features.volume[0] == pytest.approx(4)
    assert features.volume[1] == pytest.approx(8 / area[1].mean())
    assert features.centre[1, 1] > features.centre[0, 1]
