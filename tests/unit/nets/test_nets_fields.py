"""Arrays for networks: missing cells, seasons, symmetries."""

import numpy as np
import pytest
import torch
import xarray as xr

import tiny_learned
from downbench.core.errors import UserError
from downbench.core.spatial.grids import block_mean
from downbench.nets import fields
from downbench.nets.fields import NetworkFields


@pytest.fixture(scope="module")
def pairs():
    return tiny_learned.pairs()


def test_channels_follow_the_transforms(pairs):
    read = fields.read(pairs.train_driver, pairs.train_target, pairs.transforms)
    names = list(pairs.transforms.predictors)
    wanted = pairs.train_driver[names[1]].values
    filled = np.isfinite(wanted)
    np.testing.assert_array_equal(read.coarse[:, 1].numpy()[filled], wanted[filled].astype("f4"))


def test_missing_driver_cells_are_marked_and_filled_but_not_with_zero(pairs):
    driver = pairs.train_driver.isel(time=[0, 1]).load()
    driver["tas"][0, 1, 1] = np.nan
    read = fields.read(driver, None, pairs.transforms)
    index = list(pairs.transforms.predictors).index("tas")
    assert read.valid[0, 0, 1, 1] == 0 and read.valid[1, 0, 1, 1] == 1
    assert read.coarse[0, index, 1, 1] > 200


def test_an_absent_predictor_is_named(pairs):
    with pytest.raises(UserError, match="lacks pr"):
        fields.read(pairs.train_driver.drop_vars("pr"), None, pairs.transforms)


def test_the_season_is_a_circle():
    time = xr.date_range("2001-12-31", periods=2, use_cftime=False)
    seasons = fields._season(xr.DataArray(time, dims="time"))
    assert np.abs(seasons[0] - seasons[1]).max() < 0.03
    np.testing.assert_allclose((seasons**2).sum(axis=1), 1, rtol=1e-5)


def test_symmetries_keep_driver_and_target_together():
    target = torch.rand(3, 1, 16, 16)
    coarse = torch.from_numpy(block_mean(target.numpy(), 8))
    one = NetworkFields(coarse, torch.ones(3, 1, 2, 2), torch.zeros(3, 2), target)
    eight = one.with_symmetries()
    assert len(eight) == 24 and len({tuple(t.flatten().tolist()) for t in eight.target}) == 24
    np.testing.assert_allclose(block_mean(eight.target.numpy(), 8), eight.coarse, rtol=1e-5)


def test_static_layers_without_values_are_left_out(pairs):
    static = pairs.static
    nothing = static.assign(orog=static.orog * np.nan)
    assert len(fields.static_layers(nothing, 4)) == len(fields.static_layers(static, 4)) - 2
