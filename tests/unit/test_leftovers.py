"""Locks of the dead are removed, those of the living are not."""

import subprocess
import sys

import psutil
import pytest

from downbench.core import leftovers

HOLD = (
    "import sys, pathlib; from downbench.core import leftovers; "
    "print(leftovers.hold(pathlib.Path(sys.argv[1])), flush=True); sys.stdin.read()"
)


@pytest.fixture
def locked(tmp_path):
    lock = tmp_path / leftovers.LOCKS / "0.output.lock"
    lock.parent.mkdir(parents=True)
    lock.touch()
    return tmp_path


def another(folder):
    """A process that asks for the folder and lives until its input ends; and what it was told."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    return process, process.stdout.readline().strip()


def test_one_run_alone_holds_a_folder(locked):
    first, told = another(locked)
    assert told == "True"
    second, told = another(locked)
    assert told == "False"
    second.communicate()
    first.kill()
    first.wait()
    third, told = another(locked)
    assert told == "True"
    third.communicate()


def test_a_stale_lock_is_removed(locked):
    leftovers.clear(locked)
    assert not list((locked / leftovers.LOCKS).iterdir())


SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STEP = [*SLEEP, "-m", "downbench.steps.train"]
START = f"""
import subprocess
step = subprocess.Popen({STEP!r})
print(step.pid, flush=True)
step.wait()
"""


def below(program, folder):
    """A process of this name that runs a step in the folder; and the step."""
    program.write_text(START)
    parent = subprocess.Popen(
        [sys.executable, str(program)], cwd=folder, stdout=subprocess.PIPE, text=True
    )
    return parent, psutil.Process(int(parent.stdout.readline()))


def test_a_step_without_a_living_snakemake_is_ended(locked):
    """Also where its parent lives, as does a session's manager that took it in."""
    parent, step = below(locked / "manager", locked)
    leftovers.clear(locked)
    parent.communicate()
    assert not step.is_running()


def test_a_step_below_a_living_snakemake_is_left_alone(locked):
    parent, step = below(locked / "snakemake", locked)
    leftovers.clear(locked)
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
    leftovers.clear(locked)
    assert step.is_running()
    step.kill()
    parent.communicate()
