"""Past fields rescaled to wanted block means (T19, T25)."""

import numpy as np
import pytest

from downbench.bias.analogs import nearest, rescale_rain, rescale_temperature
from downbench.core.grids import block_mean

AREA = np.linspace(1.0, 2.0, 64).reshape(8, 8)


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


def test_an_all_dry_past_block_is_filled_evenly() -> None:
    wanted = np.array([[2.0, 0.0], [0.0, 0.0]], np.float32)
    got = rescale_rain(np.zeros((1, 8, 8), np.float32), wanted, AREA, scaling_cap=1e9)
    np.testing.assert_allclose(got[0, :4, :4], 2.0)
    assert got[0, 4:].max() == 0


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
    assert got.max() == pytest.approx(5 * 1.6 + 1.5)


def test_missing_cells_stay_missing_and_do_not_count() -> None:
    past = rain()
    past[:, :2] = np.nan
    wanted = np.full((2, 2), 4.0, np.float32)
    got = rescale_rain(past, wanted, AREA, scaling_cap=1e9)
    np.testing.assert_array_equal(np.isnan(got), np.isnan(past))
    np.testing.assert_allclose(block_mean(got, 4, AREA), 4.0, rtol=1e-5)


def test_temperature_is_shifted_block_by_block() -> None:
    past = (280 + np.random.default_rng(1).normal(size=(3, 8, 8))).astype(np.float32)
    wanted = np.array([[270.0, 280.0], [290.0, 300.0]], np.float32)
    got = rescale_temperature(past, wanted, AREA)
    np.testing.assert_allclose(
        block_mean(got, 4, AREA), np.broadcast_to(wanted, (3, 2, 2)), rtol=1e-6
    )
    np.testing.assert_allclose(np.diff(got[:, :4, :4]), np.diff(past[:, :4, :4]), atol=1e-4)


def test_nearest_finds_the_planted_day_and_skips_missing_features() -> None:
    patterns = np.random.default_rng(2).normal(size=(50, 6))
    patterns[:, 5] = np.nan
    wanted = patterns[31] + 0.01
    assert nearest(patterns, wanted, 3)[0] == 31
    assert len(nearest(patterns, wanted, 80)) == 50
