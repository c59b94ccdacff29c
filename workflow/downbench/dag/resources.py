"""What jobs ask of a cluster: measured at demo (`make resources`), more at every attempt.

The number of attempts is set only in the profile: a rule's own `retries` would try again inside
the same allocation, at the limits that were too narrow.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from snakemake.iocontainers import Wildcards

from downbench.core.config.loading import Project
from downbench.core.config.model.resources import Resources
from downbench.dag.models import Models

SLOTS = 4
GIGABYTES_PER_SLOT = 2

Condition = Callable[[Wildcards], bool]
AmountOf = Callable[[Wildcards], float]
Amount = float | AmountOf


@dataclass(frozen=True)
class JobResources:
    """Resources of the jobs of a project.

    Parameters
    ----------
    project
        The checked configuration.
    cores
        Processor cores that the threads of networks share.
    """

    project: Project
    cores: int

    @property
    def budget(self) -> Resources:
        """Memory and time of networks and of scoring, which grow with the budget."""
        return self.project.budget.resources

    @property
    def models(self) -> Models:
        """Which models train or sample with a network."""
        return Models(self.project)

    def half_of_cores_if(self, is_heavy: Condition) -> Callable[[Wildcards], int]:
        """Thread function: half of the cores for a network at work, one for anything else.

        Two networks side by side are faster than one after the other on all cores.
        """
        return lambda wildcards: max(1, self.cores // 2) if is_heavy(wildcards) else 1

    def sampling_threads(self, wildcards: Wildcards) -> int:
        """Thread function: all cores for what an experiment waits for at its end.

        That is the ensemble of a generative process, which comes after the longest training. Of
        other drivers there are several, which are faster side by side.
        """
        is_last = self.models.is_generative(wildcards) and self.models.samples(wildcards)
        if is_last and wildcards.driver == wildcards.trained_on:
            return self.cores
        return self.half_of_cores_if(self.models.samples)(wildcards)

    def minutes(self, amount: Amount) -> Callable[[Wildcards, int], float]:
        """Resource function: a time limit [min], which grows with the attempt.

        A job that has a dask cluster of further jobs waits until these have left the queue.
        """
        dask = self.project.dask
        queue = dask.minutes if dask.scheduler == "slurm" else 0
        return lambda wildcards, attempt: attempt * _amount(amount, wildcards) + queue

    def sampling_accelerators(self, wildcards: Wildcards) -> int:
        """Resource function: accelerators of a sampling job."""
        return 1 if self.models.samples(wildcards) else 0

    def training_accelerators(self, wildcards: Wildcards) -> int:
        """Resource function: accelerators of a training job."""
        return self.budget.training_processes if self._trains(wildcards) else 0

    def training_processes(self, wildcards: Wildcards) -> int:
        """Resource function: processes of a training job.

        It is a resource and no parameter: no weight depends on it, so a change trains nothing.
        """
        return self.budget.training_processes if self._trains(wildcards) else 1

    def training_tasks(self, wildcards: Wildcards) -> int | None:
        """Resource function: tasks of SLURM if there are several."""
        processes = self.training_processes(wildcards)
        return processes if processes > 1 else None

    def one_node(self, wildcards: Wildcards) -> int | None:
        """Resource function: all tasks of a training on one node."""
        return 1 if self.training_tasks(wildcards) else None

    def task_launcher(self, wildcards: Wildcards) -> str | None:
        """Resource function: `srun` for a job that starts its tasks itself.

        SLURM's plugin then puts no srun of its own around the job.
        """
        return "srun" if self.training_tasks(wildcards) else None

    def _trains(self, wildcards: Wildcards) -> bool:
        return self.models.trains(wildcards)

    @staticmethod
    def gigabytes(amount: Amount) -> Callable[[Wildcards, int], str]:
        """Resource function: memory [GB], which grows with the attempt."""
        return lambda wildcards, attempt: f"{attempt * _amount(amount, wildcards)}GB"

    @staticmethod
    def slots(gigabytes_each: float) -> int:
        """Slots of a grouped job (`slots` in the profile) that a step takes: one for each 2 GB."""
        return min(SLOTS, math.ceil(gigabytes_each / GIGABYTES_PER_SLOT))

    @staticmethod
    def of_network(
        is_heavy: Condition, network: float, otherwise: float
    ) -> Callable[[Wildcards], float]:
        """Return an amount for a network at work, and one for other models."""
        return lambda wildcards: network if is_heavy(wildcards) else otherwise


def _amount(amount: Amount, wildcards: Wildcards) -> float:
    return amount(wildcards) if callable(amount) else amount
