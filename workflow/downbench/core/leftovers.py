"""What a killed Snakemake leaves behind on this machine: its lock, and steps without a parent."""

import os
from pathlib import Path

import psutil

try:
    import fcntl
except ImportError:  # no such locks on Windows: a stale lock is then removed by hand, --unlock
    fcntl = None

RUNNING = ".snakemake/running"
LOCKS = ".snakemake/locks"
INIT = 1


_held: list[int] = []


def hold(folder: Path) -> bool:
    """Hold `folder` until this process ends; False where another run does, or nobody can."""
    if fcntl is None:
        return False
    (folder / RUNNING).parent.mkdir(exist_ok=True)
    handle = os.open(folder / RUNNING, os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return False
    _held.append(handle)
    return True


def clear(folder: Path) -> None:
    """Remove the lock of a dead run, and end the steps that it had started.

    Only for who holds `folder`: since every run does so while it lives, the lock files found then
    belong to nobody. Without lock files nothing is done.
    """
    locks = list((folder / LOCKS).glob("*"))
    for orphan in _orphans(folder) if locks else []:
        for process in (*orphan.children(recursive=True), orphan):
            process.kill()
    for lock in locks:
        lock.unlink(missing_ok=True)


def _orphans(folder: Path) -> list[psutil.Process]:
    """Steps that run in `folder` and whose parent is gone."""
    here = str(folder.resolve())
    found = []
    for process in psutil.process_iter(["cmdline", "cwd", "ppid"]):
        command = " ".join(process.info["cmdline"] or [])
        if (
            process.info["ppid"] == INIT
            and process.info["cwd"] == here
            and "-m downbench.steps." in command
        ):
            found.append(process)
    return found
