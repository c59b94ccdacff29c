"""Past fields rescaled to wanted block means (T19, T25, T31)."""

import numpy as np
import pytest
from scipy import ndimage

from downbench.bias.analogs import nearest, rescale_rain, rescale_temperature
from downbench.core.spatial.grids import block_mean, upsample_nearest
from downbench.scores.metrics import seams

AREA = np.linspace(1.0, 2.0, 64).reshape(8, 8)
SIDE, FACTOR = 48, 8
LARGE_AREA = np.linspace(1.0, 1.3, SIDE)[:, None] * np.ones(SIDE)


def rain(seed: int = 0, members: int = 5) -> np.ndarray:
    rng = np.random.default_rng(seed)
    wet = rng.uniform(size=(members, 8, 8)) < 0.4
    return np.where(wet, rng.gamma(0.7, 8, wet.shape), 0.0).astype(np.float32)


def test_rain_takes_the_wanted_block_means_and_keeps_dry_cells_dry() -> None:
    analogs, wanted = rain(), np.array([[3.0, 0.0], [12.0, 0.5]], np.float32)
    got = rescale_rain(analogs, wanted, AREA, scaling_cap=1e9)
    np.testing.assert_allclose(
        block_mean(got, 4, AREA), np.broadcast_to(wanted, (5, 2, 2)), rtol=1e-5
    )
    assert (got[analogs == 0] == 0).all()


def test_an_all_dry_past_field_is_filled_smoothly() -> None:
    even = rescale_rain(np.zeros((1, 8, 8), np.float32), np.full((2, 2), 2.0), AREA, 1e9)
    np.testing.assert_allclose(even, 2.0, rtol=1e-6)
    wanted = np.array([[2.0, 0.0], [0.0, 0.0]], np.float32)
    got = rescale_rain(np.zeros((1, 8, 8), np.float32), wanted, AREA, scaling_cap=1e9)
    np.testing.assert_allclose(block_mean(got, 4, AREA)[0], wanted, rtol=1e-6)
    assert got[0, 3, 3] < 0.2 * got[0, 0, 0]
    assert got[0, :4, :4].min() > 0 and got[0, 4:].max() == 0


def test_a_dry_past_block_is_filled_without_wetting_its_neighbours() -> None:
    past = rain(members=1)
    past[0, :4, :4] = 0
    got = rescale_rain(past, np.full((2, 2), 3.0, np.float32), AREA, scaling_cap=1e9)
    np.testing.assert_allclose(block_mean(got, 4, AREA), 3.0, rtol=1e-6)
    assert got[0, :4, :4].min() > 0
    elsewhere = past[0] == 0
    elsewhere[:4, :4] = False
    assert got[0][elsewhere].max() == 0


def test_a_single_wet_cell_takes_all_the_rain_of_its_block() -> None:
    past = np.zeros((1, 8, 8), np.float32)
    past[0, 1, 2] = 40.0
    wanted = np.array([[2.0, 0.0], [0.0, 0.0]], np.float32)
    got = rescale_rain(past, wanted, np.ones((8, 8)), scaling_cap=1e9)
    assert got[0, 1, 2] == pytest.approx(32.0)
    assert np.count_nonzero(got) == 1


def test_a_nearly_dry_past_block_makes_no_spike() -> None:
    past = np.zeros((1, 8, 8), np.float32)
    past[0, 1, 2] = 1.6  # a block mean of 0.1
    wanted = np.array([[2.0, 0.0], [0.0, 0.0]], np.float32)
    got = rescale_rain(past, wanted, np.ones((8, 8)), scaling_cap=5.0)
    assert block_mean(got, 4)[0, 0, 0] == pytest.approx(2.0)
    spread = np.delete(got[0, :4, :4].ravel(), 1 * 4 + 2)
    assert got.max() == pytest.approx(5 * 1.6 + 1.5, abs=1.5)
    assert spread.min() > 0 and spread.max() < 4


def test_no_wet_cell_grows_by_more_than_the_cap() -> None:
    """Blocks that ask for more than the cap alone get rain beside their past rain."""
    past, cap = rain(members=40), 3.0
    wanted = np.array([[6.0, 9.0], [4.0, 5.0]])
    got = rescale_rain(past, wanted, AREA, cap)
    bound = upsample_nearest(wanted / block_mean(past, 4, AREA) > cap, 4)
    assert 0.1 < bound.mean() < 0.9
    assert (got <= cap * past * (1 + 1e-6))[~bound].all()
    np.testing.assert_allclose(
        block_mean(got, 4, AREA), np.broadcast_to(wanted, (40, 2, 2)), rtol=1e-6
    )


def test_missing_cells_stay_missing_and_do_not_count() -> None:
    past = rain()
    past[:, :2] = np.nan
    wanted = np.full((2, 2), 4.0, np.float32)
    got = rescale_rain(past, wanted, AREA, scaling_cap=1e9)
    np.testing.assert_array_equal(np.isnan(got), np.isnan(past))
    np.testing.assert_allclose(block_mean(got, 4, AREA), 4.0, rtol=1e-5)


def test_temperature_takes_the_wanted_block_means() -> None:
    past = (280 + np.random.default_rng(1).normal(size=(3, 8, 8))).astype(np.float32)
    past[:, :4, :5] = np.nan
    wanted = np.array([[np.nan, 280.0], [290.0, 300.0]], np.float32)
    got = rescale_temperature(past, wanted, AREA)
    found = block_mean(got, 4, AREA)
    np.testing.assert_array_equal(np.isnan(got), np.isnan(past))
    np.testing.assert_allclose(found[:, 0, 1:], 280.0, rtol=1e-7)
    np.testing.assert_allclose(found[:, 1], [[290.0, 300.0]] * 3, rtol=1e-7)


def test_an_even_shift_keeps_the_past_texture() -> None:
    past = (280 + np.random.default_rng(1).normal(size=(3, 8, 8))).astype(np.float32)
    got = rescale_temperature(past, block_mean(past[0], 4, AREA) + 5, AREA)
    np.testing.assert_allclose(got[0], past[0] + 5, atol=1e-4)


def smooth(seed: int, days: int) -> np.ndarray:
    """Correlated standard normal fields (days, SIDE, SIDE)."""
    white = np.random.default_rng(seed).normal(size=(days, SIDE, SIDE))
    field = ndimage.gaussian_filter(white, (0, 3, 3), mode="wrap")
    return field / field.std()


def block_index(fields: np.ndarray) -> float:
    step = seams.steps(fields[:, None], np.broadcast_to(LARGE_AREA, fields.shape), FACTOR)
    across_y, inside_y, across_x, inside_x = step.total.sum(0) / step.weight.sum(0)
    return (across_y + across_x) / (inside_y + inside_x)


def coarse(field: np.ndarray) -> np.ndarray:
    return block_mean(field, FACTOR, LARGE_AREA)


def test_rescaled_rain_shows_no_block_edges() -> None:
    """T31; one factor per block would show them."""
    weather = smooth(3, 41)
    days = np.maximum(np.exp(0.7 * weather[:1] + 0.7 * weather) - 0.7, 0)
    past, wanted = days[1:], coarse(days[0])
    scale = np.minimum(wanted / np.maximum(coarse(past), 1e-9), 10)
    assert block_index(past * upsample_nearest(scale, FACTOR)) > 2
    got = rescale_rain(past, wanted, LARGE_AREA, scaling_cap=10.0)
    assert 0.8 < block_index(got) < 1.3
    np.testing.assert_allclose(
        coarse(got), np.broadcast_to(wanted, coarse(got).shape), rtol=1e-6, atol=1e-9
    )


def test_shifted_temperature_shows_no_block_edges() -> None:
    past, wanted = 280 + smooth(4, 40), coarse(280 + smooth(5, 1)[0])
    assert block_index(past + upsample_nearest(wanted - coarse(past), FACTOR)) > 1.6
    assert 0.8 < block_index(rescale_temperature(past, wanted, LARGE_AREA)) < 1.3


def test_nearest_finds_the_planted_day_and_skips_missing_features() -> None:
    patterns = np.random.default_rng(2).normal(size=(50, 6))
    patterns[:, 5] = np.nan
    wanted = patterns[31] + 0.01
    assert nearest(patterns, wanted, 3)[0] == 31
    assert len(nearest(patterns, wanted, 80)) == 50
