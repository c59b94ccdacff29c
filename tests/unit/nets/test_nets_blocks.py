"""Block means in torch are those of the other coarsening operators (trap T19)."""

import numpy as np
import pytest
import torch

from downbench.core.spatial import grids
from downbench.nets import blocks
from downbench.sources.synthetic import grid_blocks


@pytest.mark.parametrize("missing", [0.0, 0.3, 0.9])
def test_equals_the_numpy_operator(missing):
    generator = np.random.default_rng(0)
    field = generator.gamma(0.3, 10.0, (5, 2, 16, 24))
    field[generator.random(field.shape) < missing] = np.nan
    field[0, 0, :8, :8] = np.nan
    area = generator.uniform(0.5, 2.0, (16, 24))
    wanted = grids.block_mean(field, 8, area)
    found = blocks.block_mean(torch.from_numpy(field), 8, torch.from_numpy(area)).numpy()
    assert np.isnan(found[0, 0, 0, 0])
    np.testing.assert_allclose(found, wanted, rtol=1e-12)


def test_all_coarsenings_agree():
    """Trap T19: numpy for drivers and scores, torch for constraints, matrices for the synthetic
    region, whose areas vary with latitude alone and which has no missing cells.
    """
    generator = np.random.default_rng(1)
    field = generator.gamma(0.3, 10.0, (3, 16, 24))
    area = np.cos(np.deg2rad(np.linspace(35, 60, 16)))[:, None] * np.ones((16, 24))
    found = (
        grids.block_mean(field, 8, area),
        blocks.block_mean(torch.from_numpy(field), 8, torch.from_numpy(area)).numpy(),
        grid_blocks.blocks_of(area, 8).mean(field),
    )
    for one in found[1:]:
        np.testing.assert_allclose(one, found[0], rtol=1e-12)
    assert np.abs(grids.block_mean(field, 8) / found[0] - 1).max() > 1e-3


def test_a_weight_of_zero_is_a_missing_cell():
    field, area = torch.rand(1, 8, 8), torch.ones(8, 8)
    area[:3] = 0
    holed = field.clone()
    holed[:, :3] = torch.nan
    found = blocks.block_mean(field, 4, area)
    torch.testing.assert_close(found, blocks.block_mean(holed, 4, torch.ones(8, 8)))


def test_gradients_are_finite_where_blocks_are_empty():
    field = torch.rand(1, 8, 8, requires_grad=True)
    weights = torch.ones(8, 8)
    weights[:4, :4] = 0
    mean = blocks.block_mean(field, 4, weights)
    torch.where(torch.isfinite(mean), mean, 0.0).sum().backward()
    assert torch.isfinite(field.grad).all()
    assert not field.grad[:, :4, :4].any() and field.grad[:, 4:].min() == 1 / 16


def test_spread_repeats_and_keeps_means():
    coarse = torch.rand(3, 2, 4)
    fine = blocks.spread(coarse, 8)
    assert fine.shape == (3, 16, 32)
    np.testing.assert_array_equal(fine.numpy(), grids.upsample_nearest(coarse.numpy(), 8))
    torch.testing.assert_close(blocks.block_mean(fine, 8, torch.rand(16, 32) + 0.1), coarse)
