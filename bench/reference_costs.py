"""Write what the jobs of a finished run took to the table that first runs are planned with.

    python bench/reference_costs.py --budget demo --targets exp1

In the folder of the run, with the package of the project that has the table. Rows of other budgets
stay; a rule with several jobs of a model has their median. Wall time is not kept, because it
depends on what else ran: a job counts as long as one core needs for it.
"""

import argparse

import pandas as pd

from downbench.dag.job_costs import measured
from downbench.dag.planned_jobs import planned_jobs
from downbench.dag.reference_costs import FILE, KEYS, REGION


def main() -> None:
    """Replace the rows of one budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--budget", required=True)
    parser.add_argument("--targets", nargs="+", required=True)
    arguments = parser.parse_args()
    jobs = planned_jobs(arguments.targets, {"budget": arguments.budget, "region": REGION})
    rows = [
        {
            "budget": arguments.budget,
            "rule": job.rule,
            "model": job.wildcards.get("model", ""),
            "core_s": cost.core_s or cost.wall_s,
            "memory_mb": cost.memory_mb,
            "stored_mb": cost.stored_mb,
        }
        for job in jobs
        if (cost := measured(job))
    ]
    table = pd.DataFrame(rows).groupby(list(KEYS)).median().round(1).reset_index()
    if FILE.exists():
        earlier = pd.read_csv(FILE, keep_default_na=False)
        table = pd.concat([earlier[earlier["budget"] != arguments.budget], table])
    table.to_csv(FILE, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
