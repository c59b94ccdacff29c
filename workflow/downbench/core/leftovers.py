"""What a killed Snakemake leaves behind on this machine: its lock, and steps that outlive it."""

import os
import socket
from contextlib import redirect_stderr, suppress
from io import StringIO
from itertools import pairwise
from pathlib import Path

import psutil

from downbench.core import execution

try:
    import fcntl
except ImportError:  # no such locks on Windows: a stale lock is then removed by hand, --unlock
    fcntl = None

RUNNING = ".snakemake/running"
LOCKS = ".snakemake/locks"
STEPS = "downbench.steps."
# Options of Snakemake with which it runs no job of the workflow.
LOOKING = """
    dryrun lint list_target_rules list_rules print_compilation dag rulegraph filegraph d3dag
    containerize report reporter generate_unit_tests unlock cleanup_metadata cleanup_shadow
    conda_cleanup_envs conda_create_envs_only list_conda_envs container_cleanup_images
    list_changes list_input_changes list_params_changes list_untracked summary detailed_summary
    archive delete_all_output delete_temp_output
""".split()

_held: list[int] = []


def only_looks(words: list[str]) -> bool:
    """Is a call of Snakemake with these arguments one that runs nothing?

    Profiles are read as Snakemake reads them. So does a program that only reads a Snakefile.
    """
    from snakemake.cli import parse_args

    try:
        with redirect_stderr(StringIO()):
            _, asked = parse_args(words)
    except SystemExit:
        return True
    return any(getattr(asked, name, None) for name in LOOKING)


def hold(folder: Path, jobs: str) -> None:
    """Hold `folder` until this process ends, and clear what the last run left, if it is dead.

    Nothing is done where another run holds the folder. What is left stays where the last run had
    its jobs on a cluster or was on another host: they may be at work still.

    Parameters
    ----------
    jobs
        `scheduler.HERE` or `CLUSTER`: where this run will have its jobs.
    """
    if fcntl is None:
        return
    (folder / RUNNING).parent.mkdir(exist_ok=True)
    handle = os.open(folder / RUNNING, os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return
    _held.append(handle)
    if (folder / RUNNING).read_text() == _whereabouts(execution.HERE):
        _clear(folder)
    if not any((folder / LOCKS).glob("*")):
        (folder / RUNNING).write_text(_whereabouts(jobs))


def _whereabouts(jobs: str) -> str:
    return f"{socket.gethostname()} {jobs}\n"


def _clear(folder: Path) -> None:
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
    """Steps that Snakemake started in `folder`, and that are below no living one.

    Their parent tells nothing: whose parent dies is taken in by init, or by a session's manager.
    """
    here = str(folder.resolve())
    found = []
    for process in psutil.process_iter(["cmdline", "cwd"]):
        with suppress(psutil.Error):  # it ended meanwhile, or is none of ours
            if process.info["cwd"] == here and _is_step(process.info["cmdline"] or []):
                parents = [above.cmdline() for above in process.parents()]
                if execution.JOBS in process.environ() and not any(map(_is_snakemake, parents)):
                    found.append(process)
    return found


def _is_step(words: list[str]) -> bool:
    return any(a == "-m" and b.startswith(STEPS) for a, b in pairwise(words))


def _is_snakemake(words: list[str]) -> bool:
    """Run as a program, by an interpreter, or as a module; not a shell that mentions it."""
    names = [Path(word).name for word in words[:2]]
    return "snakemake" in names or words[1:3] == ["-m", "snakemake"]
