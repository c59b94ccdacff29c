"""Block means against the coarse input: areas, missing cells, and grids that do not nest."""

import numpy as np
import pytest

from downbench.core.errors import UserError
from downbench.core.spatial.grids import block_mean, upsample_bilinear, upsample_nearest
from downbench.physics.mass_conservation import block_mean_error

FACTOR = 4
AREA = np.linspace(1, 3, 12)[:, None] * np.ones(8) * 16e6


@pytest.fixture
def fine() -> np.ndarray:
    return np.random.default_rng(1).gamma(0.4, 8, (5, 3, 12, 8)).astype("f4")


def test_a_field_conserves_its_own_block_means(fine: np.ndarray) -> None:
    """Trap T19: driver and law share one operator, weighted by area."""
    coarse = block_mean(fine, FACTOR, AREA)
    np.testing.assert_allclose(block_mean_error(fine, coarse, AREA, FACTOR), 0, atol=1e-5)
    plain = block_mean(fine, FACTOR)
    assert np.abs(block_mean_error(fine, plain, AREA, FACTOR)).max() > 0.01


def test_repeating_conserves_and_interpolating_does_not(fine: np.ndarray) -> None:
    coarse = block_mean(fine, FACTOR, AREA)
    flat = block_mean_error(upsample_nearest(coarse, FACTOR), coarse, AREA, FACTOR)
    np.testing.assert_allclose(flat, 0, atol=1e-5)
    smooth = block_mean_error(upsample_bilinear(coarse, FACTOR), coarse, AREA, FACTOR)
    assert np.abs(smooth).mean() > 0.1


def test_a_planted_error_comes_back_in_its_block(fine: np.ndarray) -> None:
    coarse = block_mean(fine, FACTOR, AREA)
    wetter = fine.copy()
    wetter[2, :, 4:8, :4] += 0.5
    error = block_mean_error(wetter, coarse, AREA, FACTOR)
    np.testing.assert_allclose(error[2, :, 1, 0], 0.5, atol=1e-5)
    error[2, :, 1, 0] = 0
    np.testing.assert_allclose(error, 0, atol=1e-5)


def test_missing_cells_count_nothing(fine: np.ndarray) -> None:
    """Trap T35: the mean is over the cells that are there, and of none it is missing."""
    coarse = block_mean(fine, FACTOR, AREA)
    holed, block = fine.copy(), fine[0, 0, :4, :4].astype("f8")
    holed[0, 0, 0, 0], holed[1, 0, :4, :4] = np.nan, np.nan
    error = block_mean_error(holed, coarse, AREA, FACTOR)
    weight = AREA[:4, :4].copy()
    weight[0, 0] = 0
    wanted = (block * weight).sum() / weight.sum() - coarse[0, 0, 0, 0]
    assert error[0, 0, 0, 0] == pytest.approx(wanted, abs=1e-5)
    assert np.isnan(error[1, 0, 0, 0])
    assert np.isfinite(np.delete(error.reshape(5, -1), 1, axis=0)).all()


def test_a_coarse_grid_that_does_not_nest_is_refused(fine: np.ndarray) -> None:
    with pytest.raises(UserError, match="not 4 times"):
        block_mean_error(fine, np.zeros((2, 2)), AREA, FACTOR)
