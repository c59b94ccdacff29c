"""When a run is expected to end, printed while it runs."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from snakemake_interface_logger_plugins.common import LogEvent

from downbench.dag.job_costs import JobCost, expected, minutes
from downbench.dag.planned_jobs import planned
from downbench.dag.reference_costs import ANOTHER_MACHINE
from downbench.dag.run_messages import show
from downbench.dag.short_commands import SNAKEMAKE

EVERY_S = 120
"""Time between lines [s]; a job of half that time has one at its end."""
PRIOR_MIN = 2.0
"""Time [min] for which a run counts as one that takes what was expected."""
MOST_MINUTES = 120
"""Longer times are written in hours."""
DOWNLOAD = "download"


def announced(dag: Any, cores: int | None, budget: str) -> Iterator[str]:
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
    timed = [job for job in dag.needrun_jobs() if job.benchmark]
    # A download waits for a server: its processor time is no measure of its duration.
    measurable = [job for job in timed if job.rule.name != DOWNLOAD]
    sources = {job.jobid: expected(planned(job, budget)) for job in measurable}
    costs = {number: cost for number, (cost, _) in sources.items() if cost}
    if costs and cores:
        remaining = RemainingTime(dag, cores, costs)
        downloads = len(timed) - len(measurable)
        also = f"besides {downloads} downloads, " if downloads else ""
        basis = f"{len(costs)} of the {len(measurable)} jobs"
        left = until(remaining.left())
        first = any(source == ANOTHER_MACHINE for _, source in sources.values())
        runs = "runs on another machine" if first else "earlier runs, of any budget,"
        yield f"expected: {left}, {also}from {runs} of {basis}"
        logging.getLogger(SNAKEMAKE).addHandler(RemainingTimeHandler(remaining))


def until(left: float, now: datetime | None = None) -> str:
    """Return how long some minutes are, and when they end."""
    left = max(1, round(left))
    start = now or datetime.now()
    end = start + timedelta(minutes=left)
    day = f"{end:%Y-%m-%d} " if end.date() > start.date() else ""
    time = f"{left} min" if left <= MOST_MINUTES else f"{round(left / 60)} h"
    return f"{time}, until {day}{end:%H:%M}"


@dataclass
class RemainingTime:
    """Jobs of a run that are left, and how fast the run is against earlier ones.

    Parameters
    ----------
    dag
        Snakemake's graph of jobs.
    cores
        Of this machine.
    costs
        Of the jobs that are left, by their number; jobs that never ran are in none.
    clock
        Seconds.
    """

    dag: Any
    cores: int
    costs: dict[int, JobCost]
    clock: Callable[[], float] = time.monotonic
    starts: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.begin = self.printed = self.clock()
        self.expected = self.left()

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
                yield f"{record.done} of {record.total} steps; left: {until(self.paced())}"

    def left(self) -> float:
        """Return the time that is left at the pace of earlier runs [min]."""
        return minutes([self._rest(job) for job in self.costs], self.cores) if self.costs else 0.0

    def paced(self) -> float:
        """Return the time that is left at the pace of this run [min]."""
        left = self.left()
        passed = (self.clock() - self.begin) / 60
        return left * (passed + PRIOR_MIN) / (self.expected - left + PRIOR_MIN)

    def _rest(self, job: int) -> JobCost:
        """Return what is left of a job."""
        cost = self.costs[job]
        passed = self.clock() - self.starts.get(job, self.clock())
        share = max(0.0, 1 - passed / cost.wall_s) if cost.wall_s else 1.0
        return JobCost(share * cost.wall_s, share * cost.core_s, cost.memory_mb, cost.stored_mb)

    def _finish(self, job: int) -> None:
        """Let a long job have a line at its end."""
        self.costs.pop(job, None)
        if self.clock() - self.starts.get(job, self.clock()) >= EVERY_S / 2:
            self.printed -= EVERY_S

    def _leave_out(self, failed: int) -> None:
        """Leave out a failed job and all that wait for it."""
        jobs = [job for job in self.dag.jobs if job.jobid == failed]
        for job in self.dag.bfs(self.dag.depending, *jobs):
            self.costs.pop(job.jobid, None)


class RemainingTimeHandler(logging.Handler):
    """Prints the lines of `RemainingTime` beside the messages of Snakemake."""

    def __init__(self, remaining: RemainingTime) -> None:
        super().__init__()
        self.remaining = remaining

    def emit(self, record: logging.LogRecord) -> None:
        """Print a line when there is news."""
        show(self.remaining.lines(record))
