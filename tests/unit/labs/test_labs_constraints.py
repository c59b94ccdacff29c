"""Every way to obey, end to end at the smallest size, on any family that has it."""

from dataclasses import replace

import numpy as np
import pytest
import torch
import xarray as xr

import tiny_learned
import tiny_pairs
from downbench.core.config.model.constraints import Constraint, Guidance, Physics, PhysicsLoss
from downbench.core.config.model.model import WEIGHTS, Model
from downbench.core.config.model.options import Sampler
from downbench.core.errors import UserError
from downbench.core.spatial.grids import block_mean
from downbench.exchange import bundle, bundle_files
from downbench.labs import (
    block_mean_constraint,
    constraint_terms,
    fitting,
    network_model,
    training_data,
)
from downbench.labs.base import Pairs, family
from downbench.nets import architecture, mean
from downbench.nets.checkpointing import TrainingState
from downbench.nets.fields import NetworkFields
from downbench.physics.loss import Penalty

LOSS = Physics(loss=PhysicsLoss(mass_weight=5.0, budget_weight=1.0, warm_up_share=0.2))
HARD = Physics(constraint=Constraint(pr="multiplicative", temperature="additive", trained=True))
ON_SAMPLES = Physics(
    constraint=Constraint(pr="multiplicative", temperature="additive", trained=False)
)
GUIDED = Physics(
    guidance=Guidance(error_mm_day=0.02, relative_error=0.01, error_k=0.02, gamma=1.0)
)


def arm(of: str, physics: Physics, **changes) -> Model:
    """One of the tiny models, made to obey."""
    return tiny_learned.MODELS[of].model_copy(update={"physics": physics, **changes})


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    """The tiny region, with dry coarse cells on every third day."""
    whole = tiny_learned.pairs()
    dry = np.zeros(whole.target.sizes["time"], bool)
    dry[::3] = True
    driver, target = whole.driver.copy(deep=True), whole.target.copy(deep=True)
    driver["pr"].values[dry, 1, 2] = 0
    target["pr"].values[dry, 4:, 8:] = 0
    return replace(whole, driver=driver, target=target)


@pytest.fixture(scope="module")
def folder(pairs, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bundles")
    tiny_learned.make_bundle("corrdiff", pairs, folder)
    return folder


def days(pairs: Pairs, count: int = 12) -> xr.Dataset:
    return pairs.validation_driver.isel(time=slice(0, count)).load()


def gaps(drawn: xr.Dataset, pairs: Pairs, name: str = "pr") -> np.ndarray:
    """Block means of samples minus the driver's, over the cells that the target has."""
    valid = np.isfinite(pairs.target[name].values).any(axis=0)
    fine = np.where(valid, drawn[name].values.astype(np.float64), np.nan)
    area = pairs.static["cell_area"].values
    wanted = days(pairs, drawn.sizes["time"])[name].values[:, None]
    found = block_mean(fine, tiny_pairs.FACTOR, area) - wanted
    return found[np.isfinite(found)]


def mean_square(drawn: xr.Dataset, pairs: Pairs) -> float:
    return float((gaps(drawn, pairs) ** 2).mean())


def trained(model: Model, pairs: Pairs, state):
    return family(model).fit(pairs, model, tiny_learned.TRAINING, 1, state)


def test_a_trained_layer_keeps_means_in_training_and_sampling(pairs, tmp_path):
    model = arm("unet", HARD)
    fitted = trained(model, pairs, tmp_path)
    for name in ("pr", "tas"):
        error = np.abs(gaps(fitted.sample(days(pairs), pairs.static, 1, 1), pairs, name))
        assert error.max() < (2e-5 if name == "pr" else 3e-4)
    curve = (tmp_path / bundle_files.CURVE).read_text().splitlines()
    losses = [float(line.split(",")[1]) for line in curve[1:]]
    assert np.isfinite(losses).all() and losses[-1] < losses[0]
    (tmp_path / "bundle").mkdir()
    fitted.save(tmp_path / "bundle")
    again = _load(model, pairs, tmp_path / "bundle")
    xr.testing.assert_allclose(
        again.sample(days(pairs), pairs.static, 1, 1),
        fitted.sample(days(pairs), pairs.static, 1, 1),
        rtol=1e-4,
        atol=1e-4,
    )


def _load(model: Model, pairs: Pairs, folder):
    (folder / network_model.TRANSFORMS).write_text(pairs.transforms.model_dump_json())
    return family(model).load(model, folder)


def violated(network, penalty: Penalty, fields: NetworkFields) -> float:
    """What a penalty adds to the loss of a network, whether that was trained with it or not."""
    losses = []
    for asked in (penalty, None):
        torch.manual_seed(0)
        network.penalty = asked
        losses.append(network.loss(fields).item())
    return losses[0] - losses[1]


@pytest.mark.parametrize("name", ["unet", "bnn-dropout", "corrdiff"])
def test_the_physics_loss_lowers_what_is_violated(pairs, folder, tmp_path, name):
    whole = replace(pairs, bases={"mean": folder / "unet"})
    days = training_data.read(pairs, tiny_learned.TRAINING, 1, LOSS).validation
    free = trained(arm(name, None), whole, tmp_path / "free")
    lawful = trained(arm(name, LOSS), whole, tmp_path / "lawful")
    penalty = lawful.network.penalty
    assert free.network.penalty is None and penalty is not None
    found = [violated(model.network.eval(), penalty, days) for model in (lawful, free)]
    assert 0 < found[0] < 0.85 * found[1]


def test_what_the_training_days_say_travels_in_the_bundle(pairs, folder, tmp_path):
    fitted = trained(arm("unet", LOSS), pairs, tmp_path)
    fitted.save(tmp_path)
    assert constraint_terms.load(tmp_path) == fitted.context.spreads
    assert set(fitted.context.spreads.driver) == {"pr", "tas"}
    assert constraint_terms.load(folder / "unet") is None


def borrowed(name: str, physics: Physics, pairs: Pairs, folder, state):
    model = arm(name, physics, shares_weights_with=name)
    whole = replace(pairs, bases={WEIGHTS: folder / name})
    return fitting.fit(model, whole, tiny_learned.TRAINING, 1, state), model


def fine_steps(*models):
    """With four noise levels the last leaves no room for a pull."""
    sampler = Sampler(solver="dpmpp_2m", steps=16)
    return [replace(model, sampler=sampler) for model in models]


def test_guided_samples_violate_less_with_the_same_weights_and_noise(pairs, folder, tmp_path):
    guided, model = borrowed("corrdiff", GUIDED, pairs, folder, tmp_path)
    _, free = bundle.read(folder / "corrdiff")
    drawn = [m.sample(days(pairs), pairs.static, 2, 1) for m in fine_steps(guided, free)]
    assert mean_square(drawn[0], pairs) < 0.1 * mean_square(drawn[1], pairs)
    assert drawn[0].pr.min() >= 0
    warmth = [np.abs(gaps(d, pairs, "tas")).mean() for d in drawn]
    assert warmth[0] < 0.5 * warmth[1]
    for mine, theirs in zip(guided.network.parameters(), free.network.parameters(), strict=True):
        assert torch.equal(mine, theirs)
    assert np.corrcoef(drawn[0].tas.values.ravel(), drawn[1].tas.values.ravel())[0, 1] > 0.99


def test_guidance_trusts_a_driver_no_more_than_it_is_right(folder, pairs, tmp_path):
    """Trap T23: the error of a reanalysis, estimated in training, loosens the pull."""
    other = replace(tiny_pairs.pairs("reanalysis"), transforms=pairs.transforms)
    loose, _ = borrowed("corrdiff", GUIDED, other, folder, tmp_path / "loose")
    firm, _ = borrowed("corrdiff", GUIDED, pairs, folder, tmp_path / "firm")
    assert loose.context.spreads.driver["tas"] > 3 and firm.context.spreads.driver["tas"] < 1e-6
    drawn = [m.sample(days(pairs), pairs.static, 2, 1) for m in fine_steps(loose, firm)]
    errors = [mean_square(some, pairs) for some in drawn]
    assert errors[0] > 5 * errors[1]


@pytest.mark.parametrize("name", ["bnn-dropout", "corrdiff"])
def test_a_layer_on_samples_works_for_any_family(pairs, folder, tmp_path, name):
    if not (folder / name).exists():
        tiny_learned.make_bundle(name, pairs, folder)
    held, model = borrowed(name, ON_SAMPLES, pairs, folder, tmp_path)
    drawn = held.sample(days(pairs), pairs.static, 2, 1)
    valid = np.isfinite(pairs.target["pr"].values).any(axis=0)
    drawn = drawn.where(xr.DataArray(valid, dims=("y", "x")))
    obeyed = block_mean_constraint.constrain(drawn, days(pairs), pairs.static, model)
    assert np.abs(gaps(obeyed, pairs)).max() < 1e-5 < np.abs(gaps(drawn, pairs)).max()
    assert np.abs(gaps(obeyed, pairs, "tas")).max() < 3e-4
    xr.testing.assert_identical(
        block_mean_constraint.constrain(
            drawn, days(pairs), pairs.static, tiny_learned.MODELS[name]
        ),
        drawn,
    )


@pytest.mark.parametrize("driver_type", ["reanalysis", "gcm"])
def test_forced_means_are_refused_where_the_driver_is_not_the_truths(driver_type):
    """Trap T23."""
    for physics in (HARD, ON_SAMPLES):
        with pytest.raises(
            UserError, match=f"type '{driver_type}' is not .* its errors would be imposed"
        ):
            block_mean_constraint.check_driver_type(arm("unet", physics), driver_type)
        block_mean_constraint.check_driver_type(arm("unet", physics), "perfect")
    block_mean_constraint.check_driver_type(arm("unet", LOSS), driver_type)
    block_mean_constraint.check_driver_type(arm("corrdiff", GUIDED), driver_type)


def test_neither_layer_nor_loss_adds_weights(pairs):
    """Bundles of an obeying network can be the base of another."""
    made = training_data.read(pairs, tiny_learned.TRAINING, 1, LOSS)
    plain = mean.build(made.architecture, pairs.transforms, made.static, made.weights)
    found = constraint_terms.spreads(made, pairs.transforms, LOSS)
    lawful = mean.build(
        made.architecture,
        pairs.transforms,
        made.static,
        made.weights,
        constraint_terms.layer(pairs.transforms, HARD),
        constraint_terms.penalty(found, pairs.transforms, LOSS),
    )
    assert architecture.savable(plain).keys() == architecture.savable(lawful).keys()


def test_a_killed_training_resumes_with_the_weight_it_had(pairs, tmp_path, monkeypatch):
    """The weight of the loss rises with the step alone, so a resumed training ends the same."""
    slowly = LOSS.model_copy(update={"loss": LOSS.loss.model_copy(update={"warm_up_share": 0.9})})
    undisturbed = trained(arm("unet", slowly), pairs, tmp_path / "a").network.state_dict()
    saved = TrainingState.on_train_epoch_end

    def killed(self, trainer, pl_module) -> None:
        if trainer.current_epoch == 2:
            raise InterruptedError
        saved(self, trainer, pl_module)

    monkeypatch.setattr(TrainingState, "on_train_epoch_end", killed)
    with pytest.raises(InterruptedError):
        trained(arm("unet", slowly), pairs, tmp_path / "b")
    monkeypatch.undo()
    resumed = trained(arm("unet", slowly), pairs, tmp_path / "b").network.state_dict()
    for name, value in undisturbed.items():
        assert torch.equal(value, resumed[name]), name
