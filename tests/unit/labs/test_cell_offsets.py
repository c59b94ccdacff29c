"""After the training, the mean of a network over its training days is that of the target."""

from copy import deepcopy
from dataclasses import replace
from functools import partial

import pytest
import torch
from safetensors.torch import load_file, save_file

import tiny_learned
from downbench.core.variables import RAIN
from downbench.labs import training_data
from downbench.labs.base import Pairs
from downbench.labs.baselines import unet
from downbench.labs.bayesian import mc_dropout
from downbench.labs.network_model import NetworkModel
from downbench.labs.training_data import TrainingData

EXPECT = {"unet": unet.expect, "bnn-dropout": mc_dropout.expect}


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    return tiny_learned.pairs()


@pytest.fixture(scope="module")
def data(pairs: Pairs) -> TrainingData:
    return training_data.read(pairs, tiny_learned.TRAINING, 1)


@pytest.fixture(scope="module", params=EXPECT)
def trained(request, pairs: Pairs, tmp_path_factory: pytest.TempPathFactory) -> NetworkModel:
    return tiny_learned.trained(request.param, pairs, tmp_path_factory.mktemp("state"))


def offsets_of(trained: NetworkModel, data: TrainingData) -> torch.Tensor:
    """Return what the network still errs by, with the random numbers of its training."""
    network = deepcopy(trained.network)
    expect = partial(EXPECT[trained.context.model.name], network)
    training_data.fit_offsets(network, data, expect, seed=1)
    return network.conditioning.regression.offsets


def test_nothing_is_left_of_them(trained, data):
    taken_off = trained.network.conditioning.regression.offsets
    assert taken_off.abs().mean() > 0.003
    assert offsets_of(trained, data).abs().max() < 0.01


def test_a_planted_error_of_a_cell_is_taken_off(trained, data):
    row, column, names = 3, 5, trained.network.space.names
    planted = data.train.target.clone()
    planted[:, names.index(RAIN), row, column] *= 1.3
    planted[:, names.index("tas"), row, column] += 2.0
    left = offsets_of(trained, data_with(data, planted))
    kelvin = trained.network.space.statistics[names.index("tas")].std
    assert left[names.index("tas"), row, column] * kelvin == pytest.approx(2.0, abs=0.05)
    assert left[-1, row, column] == pytest.approx(0.3, abs=0.02)
    others = torch.ones_like(left, dtype=torch.bool)
    others[:, row, column] = False
    assert left[others].abs().max() < 0.01


def data_with(data: TrainingData, target: torch.Tensor) -> TrainingData:
    """Return the training data with another target."""
    return replace(data, train=replace(data.train, target=target))


def test_cells_without_data_have_none(trained, data):
    missing = data.train.target.clone()
    missing[..., 0, 0] = torch.nan
    left = offsets_of(trained, data_with(data, missing))
    assert (left[:, 0, 0] == 0).all() and torch.isfinite(left).all()


def test_a_bundle_of_an_earlier_version_has_none(pairs, tmp_path):
    folder = tiny_learned.make_bundle("unet", pairs, tmp_path)
    weights = load_file(folder / "weights.safetensors")
    del weights["conditioning.regression.offsets"]
    save_file(weights, folder / "weights.safetensors")
    network = unet.FAMILY.load(tiny_learned.MODELS["unet"], folder).network
    assert (network.conditioning.regression.offsets == 0).all()


def test_the_evaluated_days_are_counted_and_there_are_none_without_a_regression(trained, data):
    network = deepcopy(trained.network)
    expect = partial(EXPECT[trained.context.model.name], network)
    assert training_data.fit_offsets(network, data, expect, seed=1) == len(data.train)
    network.conditioning.regression = None
    assert training_data.fit_offsets(network, data, expect, seed=1) == 0
