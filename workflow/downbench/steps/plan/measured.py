"""What jobs took, from the benchmark files that Snakemake wrote for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from downbench.steps.plan.jobs import Job


@dataclass(frozen=True)
class Used:
    """The worst run of one job: wall time [s], time of all its cores [s], memory [MB], files [MB].

    Snakemake looks every half second at first, later every half minute: the peak of a short job
    can be missed, and so can the last time of a long one.
    """

    job: Job
    wall_s: float
    cpu_s: float
    memory_mb: float
    stored_mb: float


def used(jobs: Sequence[Job]) -> list[Used]:
    """What is known of these jobs; those that have not run yet are left out."""
    return [_one(job) for job in jobs if job.benchmark.is_file()]


def _one(job: Job) -> Used:
    runs = pd.read_csv(job.benchmark, sep="\t")
    worst = runs[["s", "cpu_time", "max_rss"]].apply(pd.to_numeric, errors="coerce").max()
    stored = sum(_bytes(path) for path in job.outputs) / 1e6
    return Used(job, worst["s"], worst["cpu_time"], worst["max_rss"], stored)


def _bytes(path: Path) -> int:
    inside = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in inside if file.is_file())
