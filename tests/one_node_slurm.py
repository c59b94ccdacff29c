"""A SLURM of one node on this machine: whether it is there, its jobs, and the harm done to it.

`.ci/run` brings it up. Nothing here touches a cluster of another name.
"""

import fcntl
import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

import copies

NAME = "onenode"
RUN = Path("/run/slurm-onenode")
PATIENCE_S = 600  # of which a machine with nothing else to do needs a tenth
FREQUENT_CHECKS = Path(__file__).parent / "integration/frequent_checks"


def why_not() -> str | None:
    """Why there is nothing to test on; None where the one-node SLURM answers."""
    try:
        settings = call("scontrol", "show", "config")
    except (FileNotFoundError, subprocess.SubprocessError):
        return "no SLURM answers: .ci/run brings one up where slurm-up is found (SLURM_UP)"
    name = re.search(r"ClusterName *= *(\S+)", settings)
    is_tests = name is not None and name[1] == NAME
    return None if is_tests else "this SLURM is not the one-node SLURM of the tests"


def call(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    return done.stdout


def accounts() -> bool:
    """Does it keep accounts, so that finished jobs are known while the controller is away?"""
    return subprocess.run(["sacct", "-X"], capture_output=True).returncode == 0


@contextmanager
def alone() -> Iterator[None]:
    """For tests that stop the daemons: those of other files wait."""
    with _lock(fcntl.LOCK_EX):
        yield


@contextmanager
def undisturbed() -> Iterator[None]:
    """For tests that only submit jobs: nobody stops the daemons meanwhile."""
    with _lock(fcntl.LOCK_SH):
        yield


@contextmanager
def _lock(kind: int) -> Iterator[None]:
    with open(Path(tempfile.gettempdir()) / "one-node-slurm.lock", "w") as lock:
        fcntl.flock(lock, kind)
        yield


def jobs(project: Path) -> list[dict[str, str]]:
    """What SLURM knows of all jobs of one project folder, finished ones too, oldest first."""
    blocks = call("scontrol", "show", "job").split("\n\n")
    listed = [dict(re.findall(r"(\S+?)=(\S*)", block)) for block in blocks]
    in_folder = [job for job in listed if job.get("WorkDir") == str(project)]
    return sorted(in_folder, key=lambda job: int(job["JobId"]))


def of_rule(project: Path, rule: str) -> list[dict[str, str]]:
    return [job for job in jobs(project) if rule in job["StdOut"]]


def last_states(project: Path, rule: str) -> list[str]:
    """How the jobs of a rule ended, oldest first; SLURM takes a moment to end one."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        states = [job["JobState"] for job in of_rule(project, rule)]
        if not {"PENDING", "RUNNING", "COMPLETING"} & set(states):
            return states
        time.sleep(1)
    raise TimeoutError(f"jobs of {rule} in {project} have not ended: {states}")


def snakemake(project: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Run `snakemake` as `environment` has it."""
    return copies.snakemake(project, *arguments, env=environment())


def environment() -> dict[str, str]:
    """That of all copies, in which `snakemake` asks more often whether jobs of seconds ended."""
    variables = copies.environment()
    return variables | {"PATH": f"{FREQUENT_CHECKS}{os.pathsep}{variables['PATH']}"}


def end(project: Path) -> None:
    """End what a failed test left running: its Snakemake, then the jobs in its folder."""
    for process in psutil.process_iter(["cwd", "cmdline"]):
        programs = [Path(word).name for word in (process.info["cmdline"] or [])[:2]]
        if process.info["cwd"] == str(project) and "snakemake" in programs:
            process.kill()
    for job in jobs(project):
        if job["JobState"] in ("PENDING", "RUNNING"):
            call("scancel", job["JobId"])


def wait_for(sign: Callable[[], object], what: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while not sign():
        assert time.monotonic() < until, f"waited in vain for {what}"
        time.sleep(0.2)


def stop(daemon: str) -> None:
    """End slurmd or slurmctld as a service manager would; jobs live on."""
    pid = int((RUN / f"{daemon}.pid").read_text())
    os.kill(pid, signal.SIGTERM)
    wait_for(lambda: not _alive(pid), f"the end of {daemon}")


def start(daemon: str) -> None:
    """Start it again, with what it knew."""
    again = subprocess.Popen(
        [daemon, "-D"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    (RUN / f"{daemon}.pid").write_text(f"{again.pid}\n")


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
