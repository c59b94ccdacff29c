"""L_phy: what it measures, how it is scaled, and what it does not force (traps T21, T23)."""

from dataclasses import replace

import pytest
import torch

import tiny_learned
import tiny_pairs
from downbench.core.config.model.constraints import Physics, PhysicsLoss
from downbench.core.errors import UserError
from downbench.labs import constraint_terms, training_data
from downbench.nets.blocks import block_area, block_mean
from downbench.nets.fields import NetworkFields
from downbench.nets.target_space import Upsample
from downbench.physics.loss import BUDGET, Penalty, Spreads, measure, target_predictors

SECTION = PhysicsLoss(mass_weight=1.0, budget_weight=0.0, warm_up_share=0.0)


@pytest.fixture(scope="module")
def made():
    pairs = tiny_learned.pairs()
    return training_data.read(pairs, tiny_learned.TRAINING, seed=1), pairs.transforms


@pytest.fixture(scope="module")
def penalty(made):
    setup, transforms = made
    return Penalty(SECTION, transforms, measure(setup.train, transforms, setup.weights))


def interpolated(fields: NetworkFields, transforms) -> torch.Tensor:
    up = Upsample(tuple(fields.coarse.shape[-2:]), transforms.factor)
    return up(fields.coarse[:, target_predictors(transforms)])


def test_interpolation_has_a_loss_of_one_per_variable(made, penalty):
    setup, transforms = made
    values = interpolated(setup.train, transforms)
    loss = penalty(values, setup.train, setup.weights, progress=1.0)
    assert loss.item() == pytest.approx(2.0, rel=0.05)


def test_the_truth_has_none_in_the_perfect_driver(made, penalty):
    """Where a day misses a cell of its own, the driver's mean is over the others."""
    setup, _ = made
    assert max(penalty.spreads.driver.values()) < 1e-9
    loss = penalty(setup.train.target, setup.train, setup.weights, progress=1.0)
    assert loss.item() < 1e-8


def test_a_planted_violation_comes_back(made, penalty):
    setup, transforms = made
    wrong = setup.train.target.clone()
    wrong[:, 1] += 0.5
    loss = penalty(wrong, setup.train, setup.weights, progress=1.0)
    assert loss.item() == pytest.approx(0.25 / penalty.spreads.interpolation["tas"], rel=1e-3)


def test_the_error_of_a_driver_is_estimated_and_weakens_the_loss(made, penalty):
    """Trap T23: a reanalysis 2 K too cold must not pull with the force of a perfect driver."""
    setup, transforms = made
    whole = tiny_pairs.pairs("reanalysis")
    fields = training_data.read(
        replace(whole, transforms=transforms), tiny_learned.TRAINING, seed=1
    ).train
    found = measure(fields, transforms, setup.weights)
    assert found.driver["tas"] == pytest.approx(4.0, rel=0.01)
    assert found.driver["pr"] > found.interpolation["pr"]
    firm = replace(penalty, spreads=replace(found, driver=dict.fromkeys(found.driver, 0.0)))
    soft = replace(penalty, spreads=found)
    loss = [p(fields.target, fields, setup.weights, 1.0).item() for p in (firm, soft)]
    assert loss[1] < 2 < 0.5 * loss[0]


@pytest.mark.parametrize(
    ("share", "progress", "weight"),
    [(0.2, 0.0, 0.0), (0.2, 0.05, 0.25), (0.2, 0.2, 1.0), (0.2, 0.9, 1.0), (0.0, 0.0, 1.0)],
)
def test_the_weight_rises_linearly_with_progress_alone(made, penalty, share, progress, weight):
    setup, transforms = made
    fields = setup.train.pick(slice(0, 8))
    values = interpolated(fields, transforms)
    warming = replace(penalty, section=SECTION.model_copy(update={"warm_up_share": share}))
    full = penalty(values, fields, setup.weights, 1.0).item()
    assert warming(values, fields, setup.weights, progress).item() == pytest.approx(weight * full)


def test_samples_count_by_their_trust(made, penalty):
    setup, transforms = made
    fields = setup.train.pick(slice(0, 2))
    values = interpolated(fields, transforms)
    first = penalty(values, fields, setup.weights, 1.0, torch.tensor([1.0, 0.0])).item()
    second = penalty(values, fields, setup.weights, 1.0, torch.tensor([0.0, 1.0])).item()
    both = penalty(values, fields, setup.weights, 1.0).item()
    assert first > 0 and second > 0 and first + second == pytest.approx(both)


def test_gradients_are_finite_beside_missing_blocks_and_days(made, penalty):
    setup, transforms = made
    fields = setup.train.pick(slice(0, 3))
    fields = replace(fields, valid=fields.valid.clone().index_fill_(0, torch.tensor([1]), 0.0))
    values = interpolated(fields, transforms).requires_grad_()
    penalty(values, fields, setup.weights, 1.0).backward()
    assert torch.isfinite(values.grad).all()
    assert not values.grad[1].any() and values.grad[0].any()
    assert not values.grad[..., : tiny_pairs.FACTOR, : tiny_pairs.FACTOR].any()


def test_the_budget_counts_where_the_driver_has_it(made, penalty):
    setup, _ = made
    fields = setup.train.pick(slice(0, 30))
    spreads = replace(penalty.spreads, driver=penalty.spreads.driver | {BUDGET: 0.0})
    section = SECTION.model_copy(update={"mass_weight": 0.0, "budget_weight": 2.0})
    law = Penalty(section, penalty.transforms, spreads)
    assert law(fields.target, fields, setup.weights, 1.0).item() == 0
    means = block_mean(fields.target, tiny_pairs.FACTOR, setup.weights)[:, 0]
    closed, leaky = replace(fields, budget=means), replace(fields, budget=means + 1)
    assert law(fields.target, closed, setup.weights, 1.0).item() < 1e-8
    share = block_area(setup.weights, tiny_pairs.FACTOR) * torch.isfinite(means)
    per_cell = 1 / (spreads.interpolation["pr"] * (fields.coarse[:, 0] + 0.5))
    wanted = 2 * (per_cell * share).sum() / share.sum()
    found = law(fields.target, leaky, setup.weights, 1.0).item()
    assert found == pytest.approx(wanted.item(), rel=1e-4)


def with_budget(pairs):
    """The tiny region's driver with terms that close the budget: all rain is evaporation."""
    rain = pairs.driver.pr
    flux = {"units": "kg m-2 s-1"}
    terms = {
        "evspsbl": (rain / 86400).assign_attrs(flux),
        "prw_tendency": (0 * rain).assign_attrs(flux),
        "moisture_divergence": (0 * rain).assign_attrs(flux),
    }
    return replace(pairs, driver=pairs.driver.assign(terms))


def test_setup_reads_the_budget_for_a_model_that_asks(made, capsys):
    setup, transforms = made
    asks = Physics(loss=SECTION.model_copy(update={"budget_weight": 1.0}))
    pairs = tiny_learned.pairs()
    plain = training_data.read(pairs, tiny_learned.TRAINING, 1, asks)
    assert plain.train.budget is None
    assert "the driver lacks evspsbl" in capsys.readouterr().out
    fed = training_data.read(with_budget(pairs), tiny_learned.TRAINING, 1, asks)
    torch.testing.assert_close(
        fed.train.budget, fed.train.own([0])[:, 0], equal_nan=True, rtol=1e-5, atol=1e-5
    )
    assert measure(fed.train, transforms, setup.weights).driver[BUDGET] < 1e-6
    silent = training_data.read(
        with_budget(pairs), tiny_learned.TRAINING, 1, Physics(loss=SECTION)
    )
    assert silent.train.budget is None


def test_a_budget_with_a_term_missing_stops_before_the_training():
    pairs = with_budget(tiny_learned.pairs())
    asks = Physics(loss=SECTION.model_copy(update={"budget_weight": 1.0}))
    leaky = replace(pairs, driver=pairs.driver.drop_vars("evspsbl"))
    with pytest.raises(UserError, match="moisture budget: the driver lacks evspsbl"):
        training_data.read(leaky, tiny_learned.TRAINING, 1, asks)


def test_spreads_survive_a_file(tmp_path):
    found = Spreads({"pr": 0.1}, {"pr": 0.2, BUDGET: 0.3})
    constraint_terms.save(found, tmp_path)
    assert constraint_terms.load(tmp_path) == found
    assert constraint_terms.load(tmp_path / "none") is None
