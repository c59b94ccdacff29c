"""Estimate what a run takes, before anything runs: `make estimate REGION=… BUDGET=…`.

Jobs come from the DAG, their costs from the benchmark files of an earlier run.
"""

import argparse
from collections.abc import Sequence

import pandas as pd
import yaml

from downbench.core import cli
from downbench.dag.job_costs import JobCost, expected
from downbench.dag.planned_jobs import PlannedJob, planned_jobs

SECONDS_PER_HOUR = 3600.0
MEGABYTES_PER_GIGABYTE = 1000.0


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = cli.parser("estimate", __doc__)
    parser.add_argument("--region", required=True, help="file of config/regions/")
    parser.add_argument("--budget", required=True, help="budget of config/default.yaml")
    parser.add_argument("--targets", nargs="+", default=["exp1"], help="targets of the workflow")
    parser.add_argument("--config", nargs="*", default=[], help="as for snakemake: KEY=VALUE")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Print jobs, hours and disk by rule, and where the costs were measured."""
    arguments = parse(argv)
    config = dict(map(setting, arguments.config))
    config |= {"region": arguments.region, "budget": arguments.budget}
    jobs = planned_jobs(arguments.targets, config)
    costs = [expected(job) for job in jobs]
    print(table(jobs, [cost for cost, _ in costs]).to_string(float_format="{:.3g}".format))
    print(
        "\nCosts are those of earlier runs (benchmarks/), whatever their budget; GPU-hours are "
        "the wall time of jobs that ask for an accelerator."
    )
    print(*notes(jobs, costs), sep="\n")


def setting(text: str) -> tuple[str, object]:
    """Split KEY=VALUE; the value is YAML, as for Snakemake."""
    key, _, value = text.partition("=")
    return key, yaml.safe_load(value)


def table(jobs: Sequence[PlannedJob], costs: Sequence[JobCost | None]) -> pd.DataFrame:
    """Return one row for each rule and one for all; a job without a cost counts as a job only."""
    rows = pd.DataFrame(
        [
            {
                "rule": job.rule,
                "jobs": 1,
                "measured": cost is not None,
                "core-hours": cost.core_s / SECONDS_PER_HOUR if cost else 0.0,
                "GPU-hours": job.gpu * cost.wall_s / SECONDS_PER_HOUR if cost else 0.0,
                "disk GB": cost.stored_mb / MEGABYTES_PER_GIGABYTE if cost else 0.0,
            }
            for job, cost in zip(jobs, costs, strict=True)
        ]
    )
    by_rule = rows.groupby("rule").sum()
    return pd.concat([by_rule, by_rule.sum().rename("all").to_frame().T])


def notes(jobs: Sequence[PlannedJob], costs: Sequence[tuple[JobCost | None, str]]) -> list[str]:
    """Name the jobs that were measured in another region, and those that were never measured."""
    names: dict[str, dict[str, None]] = {}
    for job, (cost, region) in zip(jobs, costs, strict=True):
        if cost is None:
            note = "never measured, so without a cost here"
        elif region != job.wildcards["region"]:
            note = f"measured in region {region}"
        else:
            continue
        name = f"{job.rule} {job.wildcards.get('model', '')}".strip()
        names.setdefault(note, {})[name] = None
    return [f"{note}: {', '.join(sorted(group))}" for note, group in names.items()]


if __name__ == "__main__":
    cli.run(main)
