"""Passes execution settings (this machine or a cluster, dask) to steps by their environment.

They are no parameters of a rule: no result depends on them, so no change may re-run anything.
"""

import os

from downbench.core.config.dask_cluster import Dask
from downbench.core.provenance import canonical

VARIABLE = "DOWNBENCH_DASK"
JOBS = "DOWNBENCH_JOBS"
"""Where a run has its jobs. A step that a user types has no such variable."""
HERE, CLUSTER = "here", "cluster"


def announce(dask: Dask) -> None:
    """Set the section in the environment of every process that this one starts."""
    os.environ[VARIABLE] = canonical(dask)


def announced() -> Dask | None:
    """Return the section from the environment, or None in a step that a user types."""
    return Dask.model_validate_json(os.environ[VARIABLE]) if VARIABLE in os.environ else None


def granted_cores() -> int:
    """Return the cores that this process may use: `taskset` or an allocation may grant a few."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS
        return os.cpu_count() or 1
