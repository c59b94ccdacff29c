"""Only `unlock` removes the lock of a dead run; nothing removes that of a living one."""

import os
import subprocess
import sys

import psutil
import pytest

from downbench.core import execution
from downbench.core.errors import UserError
from downbench.dag import stale_runs

RESERVE = (
    "import sys, pathlib; from downbench.dag import stale_runs; "
    "stale_runs.reserve(*map(pathlib.Path, sys.argv[1:3]), sys.argv[3]); "
    "print(len(stale_runs._handles), flush=True); sys.stdin.read()"
)


@pytest.fixture
def locked(tmp_path):
    """What a dead run of this host leaves."""
    lock = tmp_path / stale_runs.LOCKS / "0.output.lock"
    lock.parent.mkdir(parents=True)
    lock.touch()
    (tmp_path / stale_runs.RUNNING).write_text(stale_runs._location(execution.HERE))
    return tmp_path


def locks(folder):
    return list((folder / stale_runs.LOCKS).iterdir())


def another(folder, jobs=execution.HERE):
    """Return a process that reserves the folder until its input ends, and whether it succeeded."""
    process = subprocess.Popen(
        [sys.executable, "-c", RESERVE, str(folder), str(folder / "results"), jobs],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    return process, process.stdout.readline().strip() == "2"


@pytest.mark.usefixtures("alone")
def test_one_run_at_a_time_reserves_a_folder_and_its_results(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
    first, reserved = another(tmp_path / "a")
    assert reserved
    for folder, results in (("a", "b/results"), ("b", "a/results")):
        with pytest.raises(UserError, match="another run is at work"):
            stale_runs.reserve(tmp_path / folder, tmp_path / results, execution.HERE)
    assert not (tmp_path / "b/results").exists()
    first.kill()
    first.wait()
    second, reserved = another(tmp_path / "a")
    assert reserved
    second.communicate()


@pytest.mark.usefixtures("alone")
def test_a_results_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="file/results"):
        stale_runs.reserve(tmp_path, tmp_path / "file/results", execution.HERE)


@pytest.mark.usefixtures("alone")
def test_a_working_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "checkout").mkdir()
    (tmp_path / "checkout/.snakemake").touch()
    with pytest.raises(UserError, match="checkout: .*work in a folder of your own"):
        stale_runs.reserve(tmp_path / "checkout", tmp_path / "results", execution.HERE)


@pytest.mark.usefixtures("alone")
def test_a_stale_lock_stops_the_next_run_and_names_the_fix(locked):
    with pytest.raises(UserError, match="make unlock"):
        stale_runs.reserve(locked, locked / "results", execution.HERE)
    assert locks(locked)


@pytest.fixture
def alone(monkeypatch):
    """No reservation of this process outlives a test."""
    monkeypatch.setattr(stale_runs, "_handles", handles := [])
    yield
    for handle in handles:
        os.close(handle)


@pytest.mark.usefixtures("alone")
def test_unlocking_removes_a_stale_lock(locked):
    ended, removed = stale_runs.unlock(locked)
    assert not ended and len(removed) == 1
    assert not locks(locked)


@pytest.mark.usefixtures("alone")
def test_unlocking_a_folder_without_a_lock_does_nothing(tmp_path):
    assert stale_runs.unlock(tmp_path) == ([], [])


def test_the_lock_of_a_living_run_stays(locked):
    locks(locked)[0].unlink()
    run, reserved = another(locked)
    (locked / stale_runs.LOCKS / "0.output.lock").touch()
    assert reserved
    with pytest.raises(UserError, match="a run is at work"):
        stale_runs.unlock(locked)
    assert locks(locked)
    run.communicate()


@pytest.mark.usefixtures("alone")
def test_the_lock_stays_while_a_snakemake_lives_that_holds_no_reservation(locked):
    """On a file system without reservations, as on some network disks."""
    parent, step = below(locked / "snakemake", locked)
    with pytest.raises(UserError, match="a run is at work"):
        stale_runs.unlock(locked)
    assert locks(locked) and step.is_running()
    step.kill()
    parent.communicate()


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize(
    "call",
    [
        stale_runs.unlock,
        lambda folder: stale_runs.reserve(folder, folder / "results", execution.HERE),
    ],
)
@pytest.mark.parametrize(
    ("location", "fix"),
    [
        (stale_runs._location(execution.CLUSTER), "squeue"),
        ("elsewhere here\n", "on elsewhere"),
        ("", "unknown host"),
    ],
)
def test_the_lock_of_a_run_with_jobs_elsewhere_stays(locked, location, fix, call):
    (locked / stale_runs.RUNNING).write_text(location)
    with pytest.raises(UserError, match=fix):
        call(locked)
    assert locks(locked)
    assert (locked / stale_runs.RUNNING).read_text() == location


SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STEP = [*SLEEP, "-m", "downbench.steps.train"]
START = f"""
import subprocess
step = subprocess.Popen({STEP!r})
print(step.pid, flush=True)
step.wait()
"""


MARKED = {execution.JOBS: execution.HERE}


def below(program, folder, marks=MARKED):
    """A process of this name that runs a step in the folder; and the step."""
    program.write_text(START)
    parent = subprocess.Popen(
        [sys.executable, str(program)],
        cwd=folder,
        env=os.environ | marks,
        stdout=subprocess.PIPE,
        text=True,
    )
    return parent, psutil.Process(int(parent.stdout.readline()))


def test_a_step_without_a_living_snakemake_is_ended(locked):
    """Also where its parent lives, as does a session's manager that took it in."""
    parent, step = below(locked / "manager", locked)
    stale_runs._end_orphans(locked)
    parent.communicate()
    assert not step.is_running()


def test_a_step_below_a_living_snakemake_is_left_alone(locked):
    parent, step = below(locked / "snakemake", locked)
    stale_runs._end_orphans(locked)
    assert step.is_running() and parent.poll() is None
    step.kill()
    parent.communicate()


def test_a_step_that_a_user_typed_is_left_alone(locked):
    parent, step = below(locked / "shell", locked, marks={})
    stale_runs._end_orphans(locked)
    assert step.is_running() and parent.poll() is None
    step.kill()
    parent.communicate()


@pytest.mark.parametrize(
    "words", [STEP[:3] + ["downbench.steps.train"], ["bash", "-c", " ".join(STEP)]]
)
def test_what_only_mentions_a_step_is_no_step(words):
    assert not stale_runs._is_step(words)


@pytest.mark.parametrize(
    ("command", "is_snakemake"),
    [
        (["/bin/python3", "/bin/snakemake", "exp1"], True),
        (["python", "-m", "snakemake", "exp1"], True),
        (["bash", "-c", "snakemake exp1"], False),
        (["python", "manager.py", "snakemake"], False),
    ],
)
def test_a_snakemake_is_known_by_its_program(command, is_snakemake):
    assert stale_runs._is_snakemake(command) is is_snakemake


def test_a_step_of_another_folder_is_left_alone(locked, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    parent, step = below(other / "manager", other)
    stale_runs._end_orphans(locked)
    assert step.is_running()
    step.kill()
    parent.communicate()
