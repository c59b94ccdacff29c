"""How a step learns where it runs and has its array work done: by its environment, no parameter.

No result depends on it, so nothing may run again when it changes.
"""

import os

from downbench.core.config.settings import Dask
from downbench.core.provenance import canonical

VARIABLE = "DOWNBENCH_DASK"
JOBS = "DOWNBENCH_JOBS"
"""Where a run has its jobs; in the environment of its steps, and of none that a user types."""
HERE, CLUSTER = "here", "cluster"


def tell(dask: Dask) -> None:
    """Leave the section for every process that this one starts, on other nodes too."""
    os.environ[VARIABLE] = canonical(dask)


def told() -> Dask | None:
    """The section that was left, or None in a step that was typed by hand."""
    return Dask.model_validate_json(os.environ[VARIABLE]) if VARIABLE in os.environ else None
