"""Where array work is done: in a job itself, or on a dask cluster of further jobs."""

from typing import Literal

from pydantic import Field, PositiveFloat, PositiveInt

from downbench.core.config.section import Section


class Dask(Section):
    """Where array work is done: regridding, quantile maps, scoring. No result depends on it."""

    scheduler: Literal["threads", "slurm"] = Field(
        description="threads = those of the job itself; slurm = a dask cluster of further jobs"
    )
    workers: PositiveInt = Field(description="jobs that make up that cluster [1]")
    worker_cores: PositiveInt = Field(description="processor cores of each [1]")
    worker_memory_gb: PositiveFloat = Field(description="memory of each [GB]")
    minutes: PositiveInt = Field(description="time limit of each [min]")
