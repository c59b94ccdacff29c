"""A run that is killed at its worst moments still ends in the scores of an undisturbed one."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

import copies

MODEL = "corrdiff"
PATIENCE_S = 180
RUN = ["snakemake", "--profile", "profiles/local", "scores"]


def start(project: Path) -> subprocess.Popen:
    return subprocess.Popen(
        RUN,
        cwd=project,
        env=copies.environment(),
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_for(sign: Callable[[], bool], run: subprocess.Popen) -> None:
    """Return as soon as `sign` is true; fail if the run ends first."""
    until = time.monotonic() + PATIENCE_S
    while not sign():
        assert run.poll() is None, "the run ended before it could be killed"
        assert time.monotonic() < until, "the moment to kill never came"
        time.sleep(0.01)


def kill_group(run: subprocess.Popen) -> None:
    """What a crash of the machine does: Snakemake and its steps end at once."""
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()


def kill_snakemake_alone(run: subprocess.Popen) -> None:
    """Its steps continue without a parent."""
    os.kill(run.pid, signal.SIGKILL)
    run.wait()


def unlock(project: Path) -> None:
    """What `make unlock` does."""
    environment = copies.environment() | {"PYTHONPATH": str(project / "workflow")}
    subprocess.run(
        [sys.executable, "-m", "downbench.steps.unlock"], cwd=project, env=environment, check=True
    )


def steps(project: Path) -> list[psutil.Process]:
    """Processes that work in this folder."""
    return [
        process
        for process in psutil.process_iter(["cwd", "cmdline"])
        if process.info["cwd"] == str(project)
        and "downbench.steps" in " ".join(process.info["cmdline"] or [])
    ]


@pytest.fixture
def untrained(finished, tmp_path):
    """The finished project without one model and all that depends on it."""
    project = copies.without(finished, tmp_path.resolve() / "project", MODEL)
    yield project
    for process in steps(project):
        process.kill()


def test_killed_in_training_sampling_and_evaluation(finished, untrained):
    results = untrained / "results/tiny/perfect"
    log = untrained / f"logs/evaluate/tiny/perfect/{MODEL}/perfect/test.log"
    log.unlink()
    moments = {
        "training": lambda: any((results / f"state/{MODEL}").rglob("*.ckpt")),
        "sampling": lambda: any((results / f"ensembles/{MODEL}").rglob("*.partial")),
        "evaluation": log.exists,
    }
    for moment, sign in moments.items():
        run = start(untrained)
        wait_for(sign, run)
        kill_group(run)
        assert not (results / f"scores/{MODEL}/perfect/test.csv").exists(), moment
        refused = copies.snakemake(untrained, *RUN[1:])
        assert refused.returncode != 0 and "make unlock" in refused.stderr
        unlock(untrained)
    assert (results / f"models/{MODEL}").exists()
    last = copies.snakemake(untrained, *RUN[1:])
    assert last.returncode == 0, last.stderr[-3000:]
    assert copies.scores(untrained) == copies.scores(finished)


def test_unlocking_ends_the_steps_of_a_killed_snakemake(finished, untrained):
    state = untrained / f"results/tiny/perfect/state/{MODEL}"
    run = start(untrained)
    wait_for(lambda: any(state.rglob("*.ckpt")), run)
    kill_snakemake_alone(run)
    left = steps(untrained)
    orphans = {process.pid for process in left}
    for process in left:  # or a step that ends by itself looks like one that was ended
        process.suspend()
    assert copies.snakemake(untrained, *RUN[1:]).returncode != 0
    assert orphans <= {process.pid for process in steps(untrained)}, "parsing ends no process"
    for process in left:
        process.resume()
    unlock(untrained)
    until = time.monotonic() + 10  # the shell of a step ends by itself, after its step
    while alive := orphans & {process.pid for process in steps(untrained)}:
        assert time.monotonic() < until, f"{alive} are still at work"
        time.sleep(0.01)
    again = copies.snakemake(untrained, *RUN[1:], timeout=PATIENCE_S)
    assert again.returncode == 0, again.stderr[-3000:]
    assert copies.scores(untrained) == copies.scores(finished)


def test_a_living_run_keeps_its_lock(untrained):
    run = start(untrained)
    wait_for(lambda: bool(steps(untrained)), run)
    second = copies.snakemake(untrained, *RUN[1:])
    assert second.returncode != 0
    assert "another run is at work" in second.stderr
    assert run.poll() is None
    kill_group(run)
