"""The training loop: resumes exactly, stops early, keeps the best."""

import os
from dataclasses import replace
from pathlib import Path

import lightning as L
import pytest
import torch

import tiny_learned
from downbench.core.errors import UserError
from downbench.labs import training_data
from downbench.nets import mean
from downbench.nets.checkpointing import TrainingState
from downbench.nets.training import Learner, Schedule, train

SCHEDULE = Schedule.of(tiny_learned.TRAINING, None, seed=3)


def network_and_fields():
    pairs = tiny_learned.pairs()
    made = training_data.read(pairs, tiny_learned.TRAINING, seed=1)
    torch.manual_seed(0)
    return mean.build(made.architecture, pairs.transforms, made.static, made.weights), made


def run(state, schedule=SCHEDULE):
    network, made = network_and_fields()
    return train(network, made.train, made.validation, tiny_learned.TRAINING, schedule, state)


# Worse after some epochs, so that early stopping speaks.
HASTY = replace(SCHEDULE, learning_rate=0.02, patience=1, epochs=8)


@pytest.mark.parametrize("schedule", [SCHEDULE, HASTY], ids=["to the end", "stopped early"])
def test_a_killed_training_ends_like_an_undisturbed_one(tmp_path, monkeypatch, schedule):
    undisturbed = run(tmp_path / "a", schedule).state_dict()
    stopped = (tmp_path / "a" / "stopped").exists()
    assert stopped == (schedule is HASTY)
    saved = TrainingState.on_train_epoch_end

    def killed(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        if trainer.current_epoch == (2 if schedule is SCHEDULE else 5):
            raise InterruptedError
        saved(self, trainer, pl_module)

    monkeypatch.setattr(TrainingState, "on_train_epoch_end", killed)
    with pytest.raises(InterruptedError):
        run(tmp_path / "b", schedule)
    monkeypatch.undo()
    resumed = run(tmp_path / "b", schedule).state_dict()
    for name, value in undisturbed.items():
        assert torch.equal(value, resumed[name]), name
    curves = [(tmp_path / run / "training_curve.csv").read_text() for run in "ab"]
    assert curves[0] == curves[1]


def test_the_loss_falls(tmp_path):
    run(tmp_path)
    lines = (tmp_path / "training_curve.csv").read_text().splitlines()
    column = lines[0].split(",").index("validation_loss")
    losses = [float(v) for v in (line.split(",")[column] for line in lines[1:]) if v]
    assert len(losses) == SCHEDULE.epochs and losses[-1] < losses[0]


def test_a_finished_training_called_again_changes_nothing(tmp_path):
    first = run(tmp_path).state_dict()
    second = run(tmp_path).state_dict()
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_a_training_that_diverges_says_so_and_leaves_no_state(tmp_path, monkeypatch):
    loss = Learner.training_step

    def broken(self, batch, batch_idx):
        factor = torch.nan if self.current_epoch == 2 else 1.0
        return factor * loss(self, batch, batch_idx)

    monkeypatch.setattr(Learner, "training_step", broken)
    steps = SCHEDULE.steps_per_epoch
    with pytest.raises(UserError, match=f"between steps {2 * steps} and {3 * steps}.*rate"):
        run(tmp_path / "state")
    assert not (tmp_path / "state").exists()


def test_a_learning_rate_beyond_reason_diverges(tmp_path):
    with pytest.raises(UserError, match=r"between steps 0 and .*: none.* 1e\+30"):
        run(tmp_path, replace(SCHEDULE, learning_rate=1e30))


def test_a_batch_of_more_samples_than_there_are_is_refused(tmp_path):
    network, made = network_and_fields()
    large = tiny_learned.TRAINING.model_copy(update={"batch_size": len(made.train) + 1})
    with pytest.raises(UserError, match=f"the training split has {len(made.train)} samples"):
        train(network, made.train, made.validation, large, SCHEDULE, tmp_path)


def test_a_training_never_sees_more_samples_than_its_budget():
    for every in (32, 100, 640, 999, 1000, 1500, 2000):
        for share in (0.1, 0.5, 1.0):
            budget = tiny_learned.TRAINING.model_copy(
                update={"batch_size": 32, "train_samples": 20000, "validate_every_samples": every}
            )
            samples = Schedule.of(budget, None, 1, share).steps * 32
            assert share * 20000 - every - 32 < samples <= share * 20000


class Command:
    """What unpickling alone would carry out."""

    def __init__(self, made: Path) -> None:
        self.made = made

    def __reduce__(self) -> tuple:
        return os.mkdir, (str(self.made),)


def test_a_state_from_elsewhere_is_never_unpickled(tmp_path):
    """Results of another user come with their trainings that are not finished."""
    torch.save({"state_dict": {}, "callbacks": Command(tmp_path / "made")}, tmp_path / "last.ckpt")
    with pytest.raises(UserError, match="last.ckpt: not a training state .* delete"):
        run(tmp_path)
    assert not (tmp_path / "made").exists()
