"""When a run is expected to end, printed while it runs."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from snakemake_interface_logger_plugins.common import LogEvent

from downbench.dag.critical_path import critical_path
from downbench.dag.job_costs import JobCost, expected, minutes
from downbench.dag.planned_jobs import planned
from downbench.dag.reference_costs import ANOTHER_MACHINE
from downbench.dag.run_messages import show
from downbench.dag.short_commands import SNAKEMAKE

EVERY_S = 120
"""Time between lines [s]; a job of half that time has one at its end."""
PRIOR_S = 120.0
"""Time [s] for which a run counts as one that takes what was expected."""
MOST_MINUTES = 120
"""Longer times are written in hours."""
DOWNLOAD = "download"


def start_lines(dag: Any, cores: int | None, budget: str) -> Iterator[str]:
    """Yield when a run on this machine is expected to end, and have it printed again in the run.

    Parameters
    ----------
    dag
        Snakemake's graph of jobs.
    cores
        Of this machine; None on a cluster, whose queue is not known.
    budget
        Name of the compute budget.
    """
    if not cores:
        return
    timed = [job for job in dag.needrun_jobs() if job.benchmark]
    # A download waits for a server: its processor time is no measure of its duration.
    sources = {
        job.jobid: (None, "") if job.rule.name == DOWNLOAD else expected(planned(job, budget))
        for job in timed
    }
    costs = {number: cost for number, (cost, _) in sources.items() if cost}
    if costs:
        others = {job.jobid: job.rule.name for job in timed if job.jobid not in costs}
        remaining = RemainingTime(dag, cores, costs, others)
        yield f"expected: {remaining.text()}, from {_basis(sources.values())}"
        logging.getLogger(SNAKEMAKE).addHandler(RemainingTimeHandler(remaining))


def _basis(sources: Iterable[tuple[JobCost | None, str]]) -> str:
    """Return where the costs were measured, each with the number of jobs."""
    regions = [source for cost, source in sources if cost]
    elsewhere = regions.count(ANOTHER_MACHINE)
    counts = {
        "earlier runs, of any budget": len(regions) - elsewhere,
        "runs on another machine": elsewhere,
    }
    return " and ".join(f"{name} (jobs: {count})" for name, count in counts.items() if count)


def duration(left: float) -> str:
    """Return minutes in words, long ones in hours."""
    left = max(1, round(left))
    return f"{left} min" if left <= MOST_MINUTES else f"{round(left / 60)} h"


def time_and_end(left: float, now: datetime | None = None) -> str:
    """Return how long some minutes are, and when they end."""
    start = now or datetime.now()
    end = start + timedelta(minutes=max(1, round(left)))
    day = f"{end:%Y-%m-%d} " if end.date() > start.date() else ""
    return f"{duration(left)}, until {day}{end:%H:%M}"


@dataclass
class RemainingTime:
    """Jobs of a run that are left, and how fast the run is against earlier ones.

    The pace is that of finished jobs alone: what takes long without a cost does not change it.

    Parameters
    ----------
    dag
        Snakemake's graph of jobs.
    cores
        Of this machine.
    costs
        Of the jobs that are left, by their number.
    others
        Rules of the jobs that are left and have no cost, by their number.
    clock
        Seconds.
    """

    dag: Any
    cores: int
    costs: dict[int, JobCost]
    others: dict[int, str] = field(default_factory=dict)
    clock: Callable[[], float] = time.monotonic
    starts: dict[int, float] = field(default_factory=dict)
    elapsed_s: float = PRIOR_S
    expected_s: float = PRIOR_S

    def __post_init__(self) -> None:
        self.printed = self.clock()

    def lines(self, record: logging.LogRecord) -> Iterator[str]:
        """Take note of a message of Snakemake; yield a line when there is news."""
        match getattr(record, "event", None):
            case LogEvent.JOB_INFO:
                self.starts[record.jobid] = self.clock()
            case LogEvent.JOB_FINISHED:
                self._finish(record.job_id)
            case LogEvent.JOB_ERROR:
                self._leave_out(record.jobid)
            case LogEvent.PROGRESS if self.costs and self.clock() - self.printed >= EVERY_S:
                self.printed = self.clock()
                yield f"{record.done} of {record.total} steps; left: {self.text()}"

    def text(self) -> str:
        """Return the time that is left, and the end unless something could delay it."""
        downloads = list(self.others.values()).count(DOWNLOAD)
        counts = {"downloads": downloads, "jobs that never ran": len(self.others) - downloads}
        besides = " and ".join(f"{name} ({count})" for name, count in counts.items() if count)
        if besides:
            return f"{duration(self.left())} besides {besides}"
        if any(self._rest(job).wall_s == 0 for job in self.costs if job in self.starts):
            return f"at least {duration(self.left())}"  # a job takes longer than expected
        return time_and_end(self.left())

    def left(self) -> float:
        """Return the time that is left at the pace of this run [min].

        Jobs that fill the cores need at most twice as long (Graham 1969, doi:10.1137/0117039).
        """
        rest = {job: self._rest(job) for job in self.costs}
        chain = critical_path(self.dag, {job: cost.wall_s for job, cost in rest.items()})
        return max(minutes(list(rest.values()), self.cores), chain / 60) if rest else 0.0

    def _rest(self, job: int) -> JobCost:
        """Return what is left of a job."""
        cost, pace = self.costs[job], self.elapsed_s / self.expected_s
        share = max(0.0, pace - self._elapsed_s(job) / cost.wall_s) if cost.wall_s else pace
        return JobCost(share * cost.wall_s, share * cost.core_s, cost.memory_mb, cost.stored_mb)

    def _elapsed_s(self, job: int) -> float:
        now = self.clock()
        return now - self.starts.get(job, now)

    def _finish(self, job: int) -> None:
        """Count a job for the pace; let a long one have a line at its end."""
        self.others.pop(job, None)
        elapsed_s = self._elapsed_s(job)
        if (cost := self.costs.pop(job, None)) and job in self.starts:
            self.elapsed_s += elapsed_s
            self.expected_s += cost.wall_s
        if elapsed_s >= EVERY_S / 2:
            self.printed -= EVERY_S

    def _leave_out(self, failed: int) -> None:
        """Leave out a job that has failed for the last time, and all that wait for it."""
        jobs = [job for job in self.dag.jobs if job.jobid == failed]
        if any(job.attempt <= job.restart_times for job in jobs):
            return
        for job in self.dag.bfs(self.dag.depending, *jobs):
            self.costs.pop(job.jobid, None)
            self.others.pop(job.jobid, None)


class RemainingTimeHandler(logging.Handler):
    """Prints the lines of `RemainingTime` beside the messages of Snakemake."""

    def __init__(self, remaining: RemainingTime) -> None:
        super().__init__()
        self.remaining = remaining

    def emit(self, record: logging.LogRecord) -> None:
        """Print a line when there is news."""
        show(self.remaining.lines(record))
