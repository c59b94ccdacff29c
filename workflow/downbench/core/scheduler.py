"""How a step learns where its array work is done: through its environment, not its parameters.

No result depends on it, so nothing may run again when it changes.
"""

import os

from downbench.core.config.settings import Dask
from downbench.core.provenance import canonical

VARIABLE = "DOWNBENCH_DASK"


def tell(dask: Dask) -> None:
    """Leave the section for every process that this one starts, on other nodes too."""
    os.environ[VARIABLE] = canonical(dask)


def told() -> Dask | None:
    """The section that was left, or None in a step that was typed by hand."""
    return Dask.model_validate_json(os.environ[VARIABLE]) if VARIABLE in os.environ else None
