"""Several processes that train together: the batches, the losses and the weights of one."""

import os
import subprocess
import sys
from pathlib import Path

import lightning as L
import pandas as pd
import pytest
import torch
from lightning.pytorch.plugins.environments import LightningEnvironment
from safetensors.torch import load_file

import distributed_training
from downbench.core import execution
from downbench.core.config.loading import load
from downbench.core.config.model.resources import BudgetWithResources
from downbench.nets import batches, distributed

TESTS = Path(__file__).parents[2]
ROOT = TESTS.parent


@pytest.fixture(scope="module")
def by_two(tmp_path_factory):
    """What two processes left, meeting on the loopback address."""
    folder = tmp_path_factory.mktemp("two")
    launcher = distributed._torchrun(2, 0)[:-1]  # a port of torchrun's own choice
    environment = os.environ | {"OMP_NUM_THREADS": "1", distributed.STARTED: "2"}
    subprocess.run(
        [*launcher, str(TESTS / "distributed_training.py"), str(folder)],
        env=environment,
        check=True,
    )
    assert (folder / "processes").read_text() == "2"
    return folder


@pytest.fixture(scope="module")
def by_one(tmp_path_factory):
    folder = tmp_path_factory.mktemp("one")
    distributed_training.trained(folder)
    return folder


def test_two_processes_have_the_loss_curve_of_one(by_one, by_two):
    one, two = (pd.read_csv(f / "training_curve.csv") for f in (by_one, by_two / "whole"))
    assert len(one) == distributed_training.SCHEDULE.epochs
    pd.testing.assert_frame_equal(one, two, rtol=1e-4)


def test_and_its_weights(by_one, by_two):
    one, two = (load_file(f / "best.safetensors") for f in (by_one, by_two / "whole"))
    assert one.keys() == two.keys()
    for name, values in one.items():
        torch.testing.assert_close(values, two[name], rtol=1e-3, atol=1e-4)


def test_broken_off_and_gone_on_with_they_end_the_same(by_two):
    for name in ("training_curve.csv", "best.safetensors"):
        assert (by_two / "killed" / name).read_bytes() == (by_two / "whole" / name).read_bytes()


def each(sampler, monkeypatch, count=3):
    """What every one of `count` processes gets of a sampler."""
    monkeypatch.setattr(distributed, "count", lambda: count)
    got = []
    for rank in range(count):
        monkeypatch.setattr(distributed, "rank", lambda rank=rank: rank)
        assert len(list(sampler)) == len(sampler)
        got.append([batch.tolist() for batch in sampler])
    return got


def test_shares_of_a_batch_make_up_the_batch(monkeypatch):
    drawn = batches.EpochBatches(times=100, batch_size=12, steps=4, seed=1)
    whole = [sorted(batch.tolist()) for batch in drawn]
    shares = each(distributed.SamplesOfProcess(drawn), monkeypatch)
    assert [sorted(sum(parts, [])) for parts in zip(*shares, strict=True)] == whole
    assert {len(part) for share in shares for part in share} == {4}


def test_dealt_batches_are_all_batches_once(monkeypatch):
    fixed = batches.FixedBatches(times=100, batch_size=8, samples=40)
    dealt = each(distributed.BatchesOfProcess(fixed), monkeypatch)
    assert sorted(sum(dealt, [])) == [batch.tolist() for batch in fixed]


def test_the_epoch_reaches_the_sampler(monkeypatch):
    drawn = batches.EpochBatches(times=100, batch_size=12, steps=1, seed=1)
    share = distributed.SamplesOfProcess(drawn)
    share.set_epoch(7)
    assert drawn.epoch == 7


def test_one_process_has_everything_to_itself():
    with distributed.joined(1, "unused") as first:
        assert first and distributed.count() == 1
        assert distributed.from_first("mine") == "mine"


def test_one_process_in_a_job_leaves_requeueing_to_snakemake(monkeypatch):
    monkeypatch.setenv("SLURM_JOB_ID", "17")
    monkeypatch.setenv("SLURM_NTASKS", "4")
    monkeypatch.setenv("SLURM_JOB_NAME", "a run")
    trainer = L.Trainer(accelerator="cpu", logger=False, **distributed.placement())
    found = trainer._accelerator_connector.cluster_environment
    assert trainer.world_size == 1 and isinstance(found, LightningEnvironment)


INSIDE = {"SLURM_JOB_ID": "17"}
SUBMITTED = {execution.JOBS: execution.CLUSTER}


@pytest.mark.parametrize(
    "place, launcher",
    [(INSIDE | SUBMITTED, "srun"), (INSIDE, sys.executable), ({}, sys.executable)],
    ids=["a job of the run", "an allocation by hand", "no allocation"],
)
def test_the_launcher_is_that_of_the_place(monkeypatch, place, launcher):
    """In a job of its own srun starts as many as asked for, elsewhere torchrun one a device."""
    left_out = ("SLURM_", execution.JOBS)
    outside = {k: v for k, v in os.environ.items() if not k.startswith(left_out)}
    monkeypatch.setattr(distributed.os, "environ", outside | place)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(sys, "argv", ["train", "--seed", "1"])
    called = []

    def execute(program, command):
        called.append(command)
        raise SystemExit

    monkeypatch.setattr(distributed.os, "execvp", execute)
    with pytest.raises(SystemExit), distributed.joined(4, "downbench.steps.train"):
        pass
    (command,) = called
    assert command[0] == launcher
    assert command[-4:] == ["-m", "downbench.steps.train", "--seed", "1"]
    assert ("--ntasks=4" if launcher == "srun" else "--nproc-per-node=2") in command


def test_a_batch_that_cannot_be_shared_equally_is_refused():
    budget = load({"region": "synthetic", "budget": "demo"}, ROOT).budget.model_dump()
    budget["resources"]["training_processes"] = 3
    with pytest.raises(ValueError, match="cannot share training.batch_size = 8 equally"):
        BudgetWithResources(**budget)
