"""What a run would take, job by job, from measured costs and the sizes of what is asked for."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from downbench.core.config.costs import Cost, Costs
from downbench.core.config.loading import Project
from downbench.steps.plan import sizes
from downbench.steps.plan.jobs import Job, submitted

SECONDS_PER_HOUR = 3600.0
COLUMNS = ("core-hours", "GPU-hours", "core-hours beside", "disk GB")


@dataclass(frozen=True)
class Estimate:
    """`core_s` where a job has processors alone, `gpu_s` where it has the accelerator it asks for.

    `like` is the kind of job whose cost was taken; None where no kind comes near.
    """

    job: Job
    like: str | None
    core_s: float
    gpu_s: float
    stored_mb: float


def estimate(jobs: Sequence[Job], project: Project, costs: Costs) -> list[Estimate]:
    """Every job of a plan."""
    return [_one(job, project, costs) for job in jobs]


def _one(job: Job, project: Project, costs: Costs) -> Estimate:
    like = nearest(sizes.kind(job, project), costs.kinds)
    if like is None:
        return Estimate(job, None, 0.0, 0.0, 0.0)
    cost, size = costs.kinds[like], sizes.size(job, project)
    on_gpu = cost.start_s + size.work / costs.accelerator_gflop_s if job.gpu else 0.0
    return Estimate(
        job,
        like,
        cost.start_s + cost.unit_s * size.work,
        on_gpu,
        cost.stored_mb * size.stored,
    )


def nearest(kind: str, known: dict[str, Cost]) -> str | None:
    """The kind itself, or the most expensive of those that share its first words.

    A model that obeys a law is taken for its family, a family without any measurement for the
    most expensive one that does the same.
    """
    words = kind.split()
    for count in range(len(words), 0, -1):
        alike = [name for name in known if name.split()[:count] == words[:count]]
        if " ".join(words[:count]) in alike:
            return " ".join(words[:count])
        if alike:
            return max(alike, key=lambda name: known[name].unit_s)
    return None


def by_rule(estimates: Sequence[Estimate]) -> pd.DataFrame:
    """One row for each rule and one for all: jobs, submissions, hours, disk."""
    rules = list(dict.fromkeys(one.job.rule for one in estimates))
    sent = Counter(job.rule for job in submitted([one.job for one in estimates]))
    rows = {
        rule: _row([one for one in estimates if one.job.rule == rule], sent[rule])
        for rule in rules
    }
    return pd.DataFrame.from_dict(rows | {"all": _row(estimates, sent.total())}, orient="index")


def _row(them: Sequence[Estimate], sent: int) -> dict[str, float]:
    hours = [one.core_s / SECONDS_PER_HOUR for one in them]
    return {
        "jobs": len(them),
        "submitted": sent,
        "core-hours": sum(hours),
        "GPU-hours": sum(one.gpu_s for one in them) / SECONDS_PER_HOUR,
        "core-hours beside": sum(h for h, one in zip(hours, them, strict=True) if not one.gpu_s),
        "disk GB": sum(one.stored_mb for one in them) / 1000,
    }
