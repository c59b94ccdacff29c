"""A state is gone on with by the same training alone: model, data, seed and code."""

from dataclasses import replace
from pathlib import Path

import lightning as L
import pytest
import torch
import xarray as xr

import tiny_learned
import tiny_pairs
from downbench.core.config.region.splits import Splits
from downbench.exchange import resume
from downbench.exchange.bundle import Manifest
from downbench.labs.base import Pairs
from downbench.nets.checkpointing import TrainingState
from synthetic_region import whole_region

MODEL = "unet"
YEARS = Splits(
    by="year", train=(2001, 2002, 2003), validation=(2004,), test=(2005,), buffer_days=0
)
MANIFEST = tiny_learned.manifest(tiny_learned.MODELS[MODEL], tiny_learned.pairs())


def pairs() -> Pairs:
    region = whole_region().model_copy(update={"factor": tiny_pairs.FACTOR, "splits": YEARS})
    return replace(tiny_learned.pairs(), region=region)


def warmer(dataset: xr.Dataset, day: str) -> xr.Dataset:
    changed = dataset.copy(deep=True)
    changed["tas"].loc[{"time": day}] += 1.0
    return changed


def survives(before: Pairs, after: Pairs, state: Path, manifest: Manifest = MANIFEST) -> bool:
    """Is what a training has left still there when the next one begins?"""
    resume.prepare(state, MANIFEST, before)
    (state / "last.ckpt").write_text("a checkpoint")
    resume.prepare(state, manifest, after)
    return (state / "last.ckpt").exists()


def test_the_same_training_goes_on(tmp_path):
    assert survives(pairs(), pairs(), tmp_path / "state")


@pytest.mark.parametrize("series", ["target", "driver"])
@pytest.mark.parametrize(
    ("day", "goes_on"), [("2001-05-01", False), ("2004-05-01", False), ("2005-05-01", True)]
)
def test_days_of_training_and_validation_count_and_no_others(tmp_path, series, day, goes_on):
    given = pairs()
    changed = warmer(getattr(given, series), day)
    assert survives(given, replace(given, **{series: changed}), tmp_path / "state") == goes_on


def test_a_replaced_orography_begins_anew(tmp_path):
    given = pairs()
    assert not survives(given, risen(given), tmp_path / "state")


def test_another_seed_or_version_begins_anew(tmp_path, monkeypatch):
    given = pairs()
    other = MANIFEST.model_copy(update={"seed": 2})
    assert not survives(given, given, tmp_path / "seed", other)
    resume.prepare(tmp_path / "version", MANIFEST, given)
    (tmp_path / "version" / "last.ckpt").write_text("a checkpoint")
    monkeypatch.setattr(resume, "version", lambda library: "0.0")
    resume.prepare(tmp_path / "version", MANIFEST, given)
    assert not (tmp_path / "version" / "last.ckpt").exists()


def risen(given: Pairs) -> Pairs:
    """The same region with other mountains."""
    slope = given.target["orog"] + 100.0 * (1 + given.target["orog"]["x"])
    return replace(given, target=given.target.assign(orog=slope.astype("float32")))


def trained(given: Pairs, state: Path) -> dict[str, torch.Tensor]:
    resume.prepare(state, MANIFEST, given)
    return tiny_learned.trained(MODEL, given, state).network.state_dict()


def test_a_training_killed_before_the_orography_changed_ends_as_if_it_had_never_been(
    tmp_path, monkeypatch
):
    """The checkpoint holds the old orography and would put it in place of the new one."""
    given = pairs()
    saved = TrainingState.on_train_epoch_end

    def killed(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        saved(self, trainer, pl_module)
        raise InterruptedError

    monkeypatch.setattr(TrainingState, "on_train_epoch_end", killed)
    with pytest.raises(InterruptedError):
        trained(given, tmp_path / "state")
    assert (tmp_path / "state" / "last.ckpt").exists()
    monkeypatch.undo()
    gone_on = trained(risen(given), tmp_path / "state")
    undisturbed = trained(risen(given), tmp_path / "other")
    for name, value in undisturbed.items():
        assert torch.equal(value, gone_on[name]), name
