"""Locks of the dead are removed, those of the living are not."""

import subprocess
import sys

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


def test_a_step_whose_parent_lives_is_left_alone(locked):
    sleeper = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)", "-m downbench.steps.train"],
        cwd=locked,
    )
    leftovers.clear(locked)
    assert sleeper.poll() is None
    sleeper.kill()
    sleeper.wait()
