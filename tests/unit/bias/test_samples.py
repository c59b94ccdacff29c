"""Samples of a series that was sorted once, against numpy on the values themselves."""

import numpy as np
import pytest

from downbench.bias import samples
from downbench.bias.samples import in_order, search_rows, take_columns

EVERY_THIRD = np.arange(0, 200, 3)


@pytest.fixture(params=["short", "long"])
def places(request, monkeypatch):
    """Places in 16 bits, and in the 32 bits that a longer series needs."""
    if request.param == "long":
        monkeypatch.setattr(samples, "SHORT", 10)
    return {"short": np.uint16, "long": np.uint32}[request.param]


def rows(seed: int, shape: tuple[int, int], digits: int = 7) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).round(digits).astype(np.float32)


def everything(values: np.ndarray) -> samples.SortedSample:
    return in_order(values).sample(np.arange(values.shape[1]))


@pytest.mark.parametrize("digits", [7, 0])
def test_a_series_is_its_order_and_its_places(places, digits) -> None:
    values = rows(0, (3, 200), digits)
    values[1, ::7] = np.nan
    values[2] = np.nan
    series = in_order(values)
    assert series.places.dtype == places
    np.testing.assert_array_equal(series.ordered, np.sort(values, axis=1))
    again = np.take_along_axis(series.ordered, series.places.astype(int), axis=1)
    np.testing.assert_array_equal(again, values)
    np.testing.assert_array_equal(series.valid, np.isfinite(values).sum(axis=1))


def test_equal_values_share_a_place() -> None:
    series = in_order(np.array([[2, 0, 1, 0, 0]], np.float32))
    np.testing.assert_array_equal(series.places, [[4, 0, 3, 0, 0]])


def test_quantiles_are_type_7_and_leave_missing_values_out(places) -> None:
    values = rows(1, (5, 200))
    values[1, ::4] = np.nan
    values[2] = np.nan
    levels = np.linspace(0, 1, 21)
    got = in_order(values).sample(EVERY_THIRD).quantiles(levels)
    some = [0, 1, 3, 4]
    want = np.nanquantile(values[some][:, EVERY_THIRD], levels, axis=1).T
    np.testing.assert_allclose(got[some], want, 1e-5)
    assert np.isnan(got[2]).all()


def test_probabilities_undo_quantiles(places) -> None:
    values = np.sort(rows(2, (2, 60)), axis=1)
    values[1, 50:] = np.nan
    got = everything(values).probabilities(np.arange(60))
    np.testing.assert_allclose(got[0], np.arange(60) / 59)
    np.testing.assert_allclose(got[1, :50], np.arange(50) / 49)


@pytest.mark.parametrize("digits", [7, 1])
def test_probabilities_count_the_sample_alone(places, digits) -> None:
    values = rows(3, (4, 200), digits)
    wanted = EVERY_THIRD[5:40]
    got = in_order(values).sample(EVERY_THIRD).probabilities(wanted)
    of_sample, asked = values[:, EVERY_THIRD][:, None, :], values[:, wanted][:, :, None]
    below, equal = (of_sample < asked).sum(-1), (of_sample == asked).sum(-1)
    np.testing.assert_allclose(got, (below + (equal - 1) / 2) / (EVERY_THIRD.size - 1))


def test_ties_share_the_mean_of_their_ranks() -> None:
    got = everything(np.array([[0, 0, 0, 1, 2]], np.float32)).probabilities(np.arange(5))
    np.testing.assert_allclose(got, [[0.25, 0.25, 0.25, 0.75, 1.0]])


def test_a_single_value_is_no_division_by_zero() -> None:
    one = everything(np.array([[3.0, np.nan]], np.float32))
    np.testing.assert_array_equal(one.probabilities(np.array([0])), [[0.0]])


def test_wet_days_of_a_sample_are_counted_by_place(places) -> None:
    values = rows(4, (3, 200), 1)
    values[0, ::5] = np.nan
    values[2] = np.nan
    series = in_order(values)
    got = series.sample(EVERY_THIRD).from_place(series.below(0.5))
    np.testing.assert_array_equal(got, (values[:, EVERY_THIRD] >= np.float32(0.5)).sum(axis=1))


@pytest.mark.parametrize("side", ["left", "right"])
def test_rows_are_searched_as_numpy_does(side) -> None:
    ordered, values = np.sort(rows(5, (3, 40), 1), axis=1), rows(6, (3, 25), 1)
    want = [np.searchsorted(*row, side) for row in zip(ordered, values, strict=True)]
    np.testing.assert_array_equal(search_rows(ordered, values, side), want)


@pytest.mark.parametrize(
    "index", [np.arange(20, 90), np.r_[0:40, 60:61, 90:200], np.arange(0, 200, 2), np.array([7])]
)
def test_runs_of_positions_are_taken_as_numpy_takes_them(index) -> None:
    values = rows(7, (3, 200))
    np.testing.assert_array_equal(take_columns(values, index), values[:, index])
    assert not np.shares_memory(take_columns(values, index), values)
