"""Locks of the dead are removed, those of the living are not."""

import os
import subprocess
import sys

import psutil
import pytest

from downbench.core import execution, leftovers

HOLD = (
    "import sys, pathlib; from downbench.core import leftovers; "
    "leftovers.hold(pathlib.Path(sys.argv[1]), sys.argv[2]); "
    "print(len(leftovers._held), flush=True); sys.stdin.read()"
)


@pytest.fixture
def locked(tmp_path):
    """What a dead run of this host leaves."""
    lock = tmp_path / leftovers.LOCKS / "0.output.lock"
    lock.parent.mkdir(parents=True)
    lock.touch()
    (tmp_path / leftovers.RUNNING).write_text(leftovers._whereabouts(execution.HERE))
    return tmp_path


def locks(folder):
    return list((folder / leftovers.LOCKS).iterdir())


def another(folder, jobs=execution.HERE):
    """A process that asks for the folder and lives until its input ends; and whether it got it."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder), jobs],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    return process, process.stdout.readline().strip() == "1"


def test_one_run_alone_holds_a_folder(tmp_path):
    first, held = another(tmp_path)
    assert held
    second, held = another(tmp_path)
    assert not held
    second.communicate()
    first.kill()
    first.wait()
    third, held = another(tmp_path)
    assert held
    third.communicate()


def test_a_stale_lock_is_removed(locked):
    another(locked)[0].communicate()
    assert not locks(locked)


@pytest.mark.parametrize("now", [execution.HERE, execution.CLUSTER])
def test_the_lock_of_a_run_with_jobs_on_a_cluster_stays(locked, now):
    """However often another call finds it, and until somebody has removed it."""
    (locked / leftovers.RUNNING).write_text(leftovers._whereabouts(execution.CLUSTER))
    for _ in range(2):
        another(locked, now)[0].communicate()
        assert locks(locked)
    locks(locked)[0].unlink()
    another(locked, now)[0].communicate()
    assert (locked / leftovers.RUNNING).read_text() == leftovers._whereabouts(now)


def test_the_lock_of_another_host_stays(locked):
    (locked / leftovers.RUNNING).write_text("elsewhere here\n")
    another(locked)[0].communicate()
    assert locks(locked)


@pytest.mark.parametrize(
    "words",
    ["exp1 -n", "exp1 -np", "exp1 --profile slurm --dry-run", "--lint", "exp1 --rulegraph",
     "--summary", "--unlock", "exp1 --conda-create-envs-only", "--no-such-option"],
)  # fmt: skip
def test_calls_that_only_look(words):
    assert leftovers.only_looks(words.split())


@pytest.mark.parametrize("words", ["", "exp1", "exp1 --forcerun evaluate --keep-going"])
def test_calls_that_run_jobs(words):
    assert not leftovers.only_looks(words.split())


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
    leftovers._clear(locked)
    parent.communicate()
    assert not step.is_running()


def test_a_step_below_a_living_snakemake_is_left_alone(locked):
    parent, step = below(locked / "snakemake", locked)
    leftovers._clear(locked)
    assert step.is_running() and parent.poll() is None
    step.kill()
    parent.communicate()


def test_a_step_that_a_user_typed_is_left_alone(locked):
    parent, step = below(locked / "shell", locked, marks={})
    leftovers._clear(locked)
    assert step.is_running() and parent.poll() is None
    step.kill()
    parent.communicate()


@pytest.mark.parametrize(
    "words", [STEP[:3] + ["downbench.steps.train"], ["bash", "-c", " ".join(STEP)]]
)
def test_what_only_mentions_a_step_is_no_step(words):
    assert not leftovers._is_step(words)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["/bin/python3", "/bin/snakemake", "exp1"], True),
        (["python", "-m", "snakemake", "exp1"], True),
        (["bash", "-c", "snakemake exp1"], False),
        (["python", "manager.py", "snakemake"], False),
    ],
)
def test_a_snakemake_is_known_by_its_program(command, told):
    assert leftovers._is_snakemake(command) is told


def test_a_step_of_another_folder_is_left_alone(locked, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    parent, step = below(other / "manager", other)
    leftovers._clear(locked)
    assert step.is_running()
    step.kill()
    parent.communicate()
