"""The jobs that Snakemake would run, read from what a dry-run prints."""

import re
import subprocess
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from downbench.core.errors import UserError

HEAD = re.compile(r"^( {4})?rule (\w+):$")
GROUP = re.compile(r"Group job (\S+) \(")
KEY = re.compile(r"^ {4}(?: {4})?(\w+): (.*)$")
# A dry-run does not tell which rules stay on the host that submits.
LOCAL = re.compile(r"^rule (\w+):\n(?:(?: {4}.*)?\n)*?    localrule: True$", re.MULTILINE)
RULES = Path("workflow/rules")
LAST_WORDS = 6  # lines of what Snakemake says when it refuses
DRY_RUN = ("snakemake", "--profile", "profiles/slurm", "--dry-run", "--forceall")


@dataclass(frozen=True)
class Job:
    """One job: its rule, where it runs, what it claims, and where it leaves its benchmark.

    `group` names the jobs that SLURM gets as one; `mem_mb` and `runtime_min` are claims of the
    first attempt, `gpu` counts accelerators.
    """

    rule: str
    local: bool
    group: str | None
    benchmark: Path
    outputs: tuple[Path, ...]
    wildcards: dict[str, str]
    gpu: int
    mem_mb: int
    runtime_min: int


def planned(arguments: Sequence[str]) -> list[Job]:
    """All jobs of a call, those done already as well; targets, which make nothing, left out.

    Raises
    ------
    UserError
        With Snakemake's own words when it refuses the call.
    """
    done = subprocess.run([*DRY_RUN, *arguments], capture_output=True, text=True)
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).splitlines()[-LAST_WORDS:])
        raise UserError(f"snakemake {' '.join(arguments)}: {said}")
    texts = [file.read_text() for file in sorted(RULES.glob("*.smk"))]
    return read(done.stdout, {name for text in texts for name in LOCAL.findall(text)})


def read(text: str, local: Collection[str] = ()) -> list[Job]:
    """The jobs in the output of a dry-run; rules of the names `local` stay where it was called."""
    jobs: list[Job] = []
    head, group, groups, found = None, None, 0, {}
    for line in [*text.splitlines(), ""]:
        key = KEY.match(line)
        if head and key:
            found[key[1]] = key[2]
            continue
        if "benchmark" in found:
            jobs.append(_job(head[2], head[2] in local, group if head[1] else None, found))
        head, found = HEAD.match(line), {}
        if opened := GROUP.search(line):
            # Parts of a group that do not hang together are submitted apart, under one name.
            groups += 1
            group = f"{opened[1]} {groups}"
    return jobs


def _job(rule: str, local: bool, group: str | None, found: dict[str, str]) -> Job:
    claims = _pairs(found.get("resources", ""))
    return Job(
        rule=rule,
        local=local,
        group=group,
        benchmark=Path(found["benchmark"]),
        outputs=tuple(map(Path, found["output"].split(", "))),
        wildcards=_pairs(found["wildcards"]),
        gpu=int(claims.get("gpu", 0)),
        mem_mb=int(claims["mem_mb"]),
        runtime_min=int(claims["runtime"]),
    )


def _pairs(text: str) -> dict[str, str]:
    """`a=1, b=2` as a mapping."""
    return dict(part.split("=", 1) for part in text.split(", ") if "=" in part)


def submitted(jobs: Sequence[Job]) -> list[Job]:
    """Those that SLURM gets: the first of each group, and none that the submitting host runs."""
    groups: set[str | None] = set()
    found = []
    for job in jobs:
        if not job.local and (job.group is None or job.group not in groups):
            found.append(job)
        groups.add(job.group)
    return found
