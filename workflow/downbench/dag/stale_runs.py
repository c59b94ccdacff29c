"""What a killed Snakemake leaves on this machine: its lock, and steps that outlive it.

A run reserves its folder and its results while it lives; any other is refused, because Snakemake
removes the locks of all runs in a folder at the end of one. The next run refuses to start if the
lock of a dead run is left; `unlock` removes the lock and ends the remaining steps. A run whose
jobs are on a cluster or on another host may still be at work: its lock stays until a user removes
it.
"""

import os
import socket
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import psutil

from downbench.core import execution
from downbench.core.errors import UserError

try:
    import fcntl
except ImportError:  # no such locks on Windows: `snakemake --unlock` removes a stale lock
    fcntl = None

RUNNING = ".snakemake/running"
LOCKS = ".snakemake/locks"
STEPS = "downbench.steps."

_handles: list[int] = []
"""Open files whose locks reserve a folder until this process ends."""


def is_snakemake() -> bool:
    """Whether this process is Snakemake itself, and no program that only reads a Snakefile."""
    return _is_snakemake(psutil.Process().cmdline())


def reserve(folder: Path, results: Path, jobs: str) -> None:
    """Reserve a folder until this process ends. Nothing is removed and no process is ended.

    On a file system without such reservations Snakemake's own lock decides.

    Parameters
    ----------
    folder
        The working directory of the run.
    results
        The folder that its results are written to.
    jobs
        `execution.HERE` or `CLUSTER`: where this run has its jobs.

    Raises
    ------
    UserError
        If another run is at work here, or if a dead run left its lock; the message names the fix.
    """
    if fcntl is None:
        return
    try:
        is_reserved = _taken(folder)
        results.mkdir(parents=True, exist_ok=True)
        _locked(os.open(results, os.O_RDONLY))  # where a disk can lock a folder
    except BlockingIOError:
        raise UserError(
            f"another run is at work in {folder}, or writes to {results}: wait for its end, or "
            "stop it by Ctrl-C. Two runs at the same time need a folder each: `snakemake "
            "--snakefile THIS_PROJECT/Snakefile --directory OTHER_FOLDER …`"
        ) from None
    except OSError as error:
        raise UserError(
            f"results_dir = {str(results)!r}: {error.strerror}: name another folder"
        ) from None
    if not is_reserved:
        return
    if not _locks(folder):
        (folder / RUNNING).write_text(_location(jobs))
    elif not _is_at_work(folder):
        _refuse_other_location(folder)
        raise UserError(
            f"{folder}: a killed run left its lock, and perhaps steps that are still at work: "
            "`make unlock` (python -m downbench.steps.unlock) ends these and removes the lock; "
            "then repeat the command"
        )


def unlock(folder: Path) -> tuple[list[int], list[Path]]:
    """End the steps of a dead run in a folder and remove its lock.

    Returns
    -------
    tuple of list
        Numbers of the processes that were ended, and the lock files that were removed.

    Raises
    ------
    UserError
        If a run is at work in the folder, or if the jobs of the dead run are not on this host.
    """
    if not _is_free(folder) or _is_at_work(folder):
        raise UserError(f"{folder}: a run is at work here: wait for its end, or stop it by Ctrl-C")
    locks = _locks(folder)
    if not locks:
        return [], []
    _refuse_other_location(folder)
    ended = _end_orphans(folder)
    for lock in locks:
        lock.unlink(missing_ok=True)
    return ended, locks


def _is_free(folder: Path) -> bool:
    """Whether no other process held the folder; this one does from now on."""
    try:
        _taken(folder)  # False where a disk has no such locks: `_is_at_work` decides there
    except BlockingIOError:
        return False
    return True


def _taken(folder: Path) -> bool:
    """Whether this process now holds the folder; BlockingIOError if another one does."""
    try:
        (folder / RUNNING).parent.mkdir(exist_ok=True)
        handle = os.open(folder / RUNNING, os.O_CREAT | os.O_RDWR)
    except OSError as error:
        raise UserError(
            f"{folder}: {error.strerror}: work in a folder of your own: `snakemake --snakefile "
            "THIS_PROJECT/Snakefile --directory FOLDER …`"
        ) from None
    return _locked(handle)


def _locked(handle: int) -> bool:
    """Lock an open file or folder until this process ends; False where there are no such locks."""
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _handles.append(handle)
            return True
    except BlockingIOError:
        os.close(handle)
        raise
    except OSError:  # some network disks
        os.close(handle)
    return False


def _locks(folder: Path) -> list[Path]:
    return sorted((folder / LOCKS).glob("*"))


def _location(jobs: str) -> str:
    return f"{socket.gethostname()} {jobs}\n"


def _refuse_other_location(folder: Path) -> None:
    """Refuse to judge a run whose jobs this host does not see."""
    host, _, jobs = (folder / RUNNING).read_text().strip().partition(" ")
    if f"{host} {jobs}\n" == _location(execution.HERE):
        return
    on_cluster = jobs == execution.CLUSTER
    jobs_of_run = "jobs on a cluster" if on_cluster else f"its jobs on {host or 'an unknown host'}"
    check = "squeue and cancel its jobs" if on_cluster else "that no process of it is left there"
    raise UserError(
        f"{folder}: the run that left its lock had {jobs_of_run}, which may still be at work, so "
        f"`make unlock` does not apply: check {check}, then `snakemake --unlock`, and repeat "
        "the command"
    )


def _is_at_work(folder: Path) -> bool:
    """Whether a Snakemake other than this process lives in the folder."""
    here, this = str(folder.resolve()), psutil.Process()
    family = {this.pid, *(parent.pid for parent in this.parents())}
    for process in psutil.process_iter(["cmdline", "cwd"]):
        elsewhere = process.pid in family or process.info["cwd"] != here
        if not elsewhere and _is_snakemake(process.info["cmdline"] or []):
            return True
    return False


def _end_orphans(folder: Path) -> list[int]:
    """End the orphans of a folder with their children; return the numbers of their processes."""
    ended = []
    for orphan in _orphans(folder):
        with suppress(psutil.NoSuchProcess):  # it ended by itself
            for process in (*orphan.children(recursive=True), orphan):
                process.kill()
                ended.append(process.pid)
    return ended


def _orphans(folder: Path) -> list[psutil.Process]:
    """Steps that Snakemake started in a folder, and that are below no living Snakemake.

    The parent alone does not show it: init or a session's manager adopts an orphan.
    """
    here = str(folder.resolve())
    orphans = []
    for process in psutil.process_iter(["cmdline", "cwd"]):
        with suppress(psutil.Error):  # it has ended, or belongs to another user
            if process.info["cwd"] == here and _is_step(process.info["cmdline"] or []):
                parents = [parent.cmdline() for parent in process.parents()]
                if execution.JOBS in process.environ() and not any(map(_is_snakemake, parents)):
                    orphans.append(process)
    return orphans


def _is_step(command: list[str]) -> bool:
    return any(flag == "-m" and module.startswith(STEPS) for flag, module in pairwise(command))


def _is_snakemake(command: list[str]) -> bool:
    """Run as a program, by an interpreter or as a module; not a shell that mentions it."""
    programs = [Path(word).name for word in command[:2]]
    return "snakemake" in programs or command[1:3] == ["-m", "snakemake"]
