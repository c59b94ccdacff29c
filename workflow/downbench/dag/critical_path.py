"""The longest chain of jobs that wait for each other."""

from collections.abc import Mapping
from functools import cache
from typing import Any


def critical_path(dag: Any, wall_s: Mapping[int, float]) -> float:
    """Return the wall time of the longest chain [s].

    Parameters
    ----------
    dag
        Snakemake's graph of jobs.
    wall_s
        Wall time of jobs by their number [s]; others count as 0.
    """

    @cache
    def to_the_end(job: Any) -> float:
        later = dag.depending.get(job, ())
        return wall_s.get(job.jobid, 0.0) + max(map(to_the_end, later), default=0.0)

    return max(map(to_the_end, dag.jobs), default=0.0)
