"""What a killed Snakemake leaves behind on this machine: its lock, and steps that outlive it."""

import os
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import psutil

try:
    import fcntl
except ImportError:  # no such locks on Windows: a stale lock is then removed by hand, --unlock
    fcntl = None

RUNNING = ".snakemake/running"
LOCKS = ".snakemake/locks"
STEPS = "downbench.steps."


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
        with suppress(psutil.NoSuchProcess):  # it ended by itself
            for process in (*orphan.children(recursive=True), orphan):
                process.kill()
    for lock in locks:
        lock.unlink(missing_ok=True)


def _orphans(folder: Path) -> list[psutil.Process]:
    """Steps that run in `folder` below no living Snakemake.

    Their parent tells nothing: whose parent dies is taken in by init, or by a session's manager.
    """
    here = str(folder.resolve())
    found = []
    for process in psutil.process_iter(["cmdline", "cwd"]):
        with suppress(psutil.Error):  # it ended meanwhile, or is none of ours
            if process.info["cwd"] == here and _is_step(process.info["cmdline"] or []):
                if not any(_is_snakemake(above.cmdline()) for above in process.parents()):
                    found.append(process)
    return found


def _is_step(words: list[str]) -> bool:
    return any(a == "-m" and b.startswith(STEPS) for a, b in pairwise(words))


def _is_snakemake(words: list[str]) -> bool:
    """Run as a program, by an interpreter, or as a module; not a shell that mentions it."""
    names = [Path(word).name for word in words[:2]]
    return "snakemake" in names or words[1:3] == ["-m", "snakemake"]
