"""Block means and interpolation."""

import numpy as np
import pytest

from downbench.core.errors import UserError
from downbench.core.spatial import grids


@pytest.fixture
def field() -> np.ndarray:
    return np.random.default_rng(0).gamma(0.5, 4.0, (3, 16, 24))


def test_block_mean_keeps_the_area_integral(field):
    area = np.random.default_rng(1).uniform(10, 20, (16, 24))
    coarse = grids.block_mean(field, 8, area)
    total = grids.to_blocks(area, 8).sum(axis=(-3, -1))
    np.testing.assert_allclose(
        (coarse * total).sum((1, 2)), (field * area).sum((1, 2)), rtol=1e-12
    )


def test_block_mean_is_the_mean_of_valid_cells_only(field):
    field[0, :4, :8] = np.nan
    coarse = grids.block_mean(field, 8)
    assert coarse[0, 0, 0] == pytest.approx(field[0, 4:8, :8].mean())


def test_block_mean_of_an_empty_block_is_missing_not_zero(field):
    field[:, :8, :8] = np.nan
    assert np.isnan(grids.block_mean(field, 8)[:, 0, 0]).all()


def test_float32_blocks_are_summed_in_double_precision():
    field = np.full((64, 64), 1e4, np.float32) + np.random.default_rng(2).random(
        (64, 64), np.float32
    )
    exact = field.astype(np.float64).mean()
    assert grids.block_mean(field, 64)[0, 0] == pytest.approx(exact, rel=1e-7)


def test_a_grid_that_is_no_multiple_is_refused(field):
    with pytest.raises(UserError, match="16 × 24 cells cannot be divided into blocks of 5"):
        grids.block_mean(field, 5)


def test_nearest_keeps_block_means(field):
    coarse = grids.block_mean(field, 8)
    np.testing.assert_allclose(grids.block_mean(grids.upsample_nearest(coarse, 8), 8), coarse)


def test_bilinear_reproduces_a_plane_between_cell_centres():
    coarse = np.add.outer(2.0 * np.arange(5), 3.0 * np.arange(4))
    fine = grids.upsample_bilinear(coarse, 8)
    row = (np.arange(40) + 0.5) / 8 - 0.5
    column = (np.arange(32) + 0.5) / 8 - 0.5
    inside = fine[4:-4, 4:-4]
    np.testing.assert_allclose(inside, np.add.outer(2 * row, 3 * column)[4:-4, 4:-4], atol=1e-12)


def test_bilinear_stays_within_the_range_of_its_input(field):
    coarse = grids.block_mean(field, 8)
    fine = grids.upsample_bilinear(coarse, 8)
    assert fine.min() >= coarse.min() and fine.max() <= coarse.max()


def test_missing_cells_take_their_nearest_neighbour():
    field = np.array([[1.0, np.nan, np.nan], [np.nan, np.nan, 5.0]])
    filled = grids.fill_from_nearest(field)
    assert filled[0, 0] == 1 and filled[0, 2] == 5 and filled[1, 0] == 1
    assert not np.isnan(filled).any()


def test_a_field_without_any_value_stays_missing():
    assert np.isnan(grids.fill_from_nearest(np.full((2, 3, 3), np.nan))).all()
