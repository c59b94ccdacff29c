"""Compare the resources that jobs ask for with what they used, from benchmark files."""

import argparse
from collections.abc import Sequence

import pandas as pd

from downbench.core import cli
from downbench.core.errors import UserError
from downbench.dag.job_costs import JobCost, measured
from downbench.dag.planned_jobs import PlannedJob, planned_jobs
from downbench.steps.estimate import setting

SECONDS_PER_MINUTE = 60.0


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = cli.parser("resources", __doc__)
    parser.add_argument("--targets", nargs="+", default=["exp1"], help="targets of the workflow")
    parser.add_argument("--config", nargs="*", default=[], help="as for snakemake: KEY=VALUE")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Print one row for each rule and request, with the highest use of its jobs."""
    arguments = parse(argv)
    jobs = planned_jobs(arguments.targets, dict(map(setting, arguments.config)))
    costs = [(job, cost) for job in jobs if (cost := measured(job))]
    if not costs:
        targets = " ".join(arguments.targets)
        raise UserError(f"no benchmark files of {targets}: run `snakemake {targets}` first")
    print(table(costs).to_string(index=False, float_format="{:.3g}".format))
    print(
        "\nused: the highest of all jobs; x: requested over used. Requests are those of the first "
        "attempt; every retry adds them once more."
    )


def table(costs: Sequence[tuple[PlannedJob, JobCost]]) -> pd.DataFrame:
    """Return rows of jobs of one rule with the same request: memory, time, cores in use."""
    requests: dict[tuple, list[JobCost]] = {}
    for job, cost in costs:
        key = (job.rule, job.gpu, job.mem_mb, job.runtime_min)
        requests.setdefault(key, []).append(cost)
    return pd.DataFrame([_row(*key, group) for key, group in requests.items()])


def _row(rule: str, gpu: int, mem_mb: int, runtime_min: int, costs: list[JobCost]) -> dict:
    memory = max(cost.memory_mb for cost in costs)
    minutes = max(cost.wall_s for cost in costs) / SECONDS_PER_MINUTE
    return {
        "rule": rule,
        "jobs": len(costs),
        "GPUs": gpu,
        "MB requested": mem_mb,
        "used": round(memory),
        "x": mem_mb / memory,
        "min requested": runtime_min,
        "used ": minutes,
        "x ": runtime_min / minutes,
        "cores in use": max(cost.core_s / cost.wall_s for cost in costs),
    }


if __name__ == "__main__":
    cli.run(main)
