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


def clear(folder: Path) -> None:
    """Remove a lock whose owner is dead, and end the steps that this owner had started.

    Every run holds `.snakemake/running` while it lives, so whoever gets it knows that the lock
    files in `folder` belong to nobody. Without stale lock files nothing is done.
    """
    locks = list((folder / LOCKS).glob("*"))
    if not _alone(folder) or not locks:
        return
    for orphan in _orphans(folder):
        for process in (*orphan.children(recursive=True), orphan):
            process.kill()
    for lock in locks:
        lock.unlink(missing_ok=True)


_held: list[int] = []


def _alone(folder: Path) -> bool:
    """Hold the folder until this process ends; False where another one does, or nobody can."""
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
