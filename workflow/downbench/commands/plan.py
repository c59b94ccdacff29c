"""What is left to run, in words: jobs, time on this machine, memory and disk."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from downbench.core.execution import granted_cores
from downbench.dag.job_costs import expected, minutes
from downbench.dag.planned_jobs import PlannedJob, planned_jobs
from downbench.dag.reference_costs import ANOTHER_MACHINE

AT_ONCE = 2
"""Networks that work side by side (`dag.resources`), with half of the cores each."""


def lines(targets: Sequence[str], config: Mapping[str, Any]) -> Iterator[str]:
    """Yield the plan of these targets.

    Parameters
    ----------
    targets
        Experiments, or other targets of the workflow.
    config
        Values that replace those of config/default.yaml.
    """
    jobs = planned_jobs(targets, config, remaining=True)
    if not jobs:
        yield "nothing to run: all results exist"
        return
    sources = [expected(job) for job in jobs]
    costs = [cost for cost, _ in sources if cost]
    yield f"jobs     {len(jobs)}: {_counted(jobs)}"
    if costs:
        cores = granted_cores()
        yield f"time     about {minutes(costs, cores):.0f} min on this machine ({cores} cores)"
        stored = sum(cost.stored_mb for cost in costs)
        yield f"disk     {stored:.0f} MB" if stored else "disk     unknown without such results"
    memory = sum(sorted(job.mem_mb for job in jobs)[-AT_ONCE:]) / 1000
    yield f"memory   {memory:.0f} GB for the {AT_ONCE} largest jobs side by side"
    if len(costs) < len(jobs):
        missing = len(jobs) - len(costs)
        yield f"{missing} of the jobs have never run and are not in time and disk"
    elsewhere = sum(source == ANOTHER_MACHINE for _, source in sources)
    if elsewhere:
        yield f"{elsewhere} of the jobs have not run here: costs are those of another machine"
    if len(costs) > elsewhere:
        yield "Time is that of earlier runs, of any budget: `make estimate` lists the rules."


def _counted(jobs: Sequence[PlannedJob]) -> str:
    counts = Counter(job.rule for job in jobs)
    return ", ".join(f"{count} {rule}" for rule, count in counts.most_common())
