"""What jobs ask of a cluster: measured at demo (`make resources`), more at every attempt.

How often a job is tried stands in the profile alone: a rule's own `retries` would try again
inside the same allocation, at the limits that were too narrow.
"""

import math

NEEDS = PROJECT.budget.needs
# A job that has a dask cluster of further jobs waits until these have left the queue.
QUEUE_MINUTES = PROJECT.dask.minutes if PROJECT.dask.scheduler == "slurm" else 0
PLACES = 4
GIGABYTES_PER_PLACE = 2


def gigabytes(amount):
    """Resource function: memory of so many GB, or of a function of the wildcards."""
    return lambda wildcards, attempt: f"{attempt * _amount(amount, wildcards)}GB"


def side_by_side(gigabytes_each):
    """How many of a job's places (`abreast` in the profile) a step takes: one for each 2 GB."""
    return min(PLACES, math.ceil(gigabytes_each / GIGABYTES_PER_PLACE))


def minutes(amount):
    """Resource function: a time limit of so many minutes, or of a function of the wildcards."""
    return lambda wildcards, attempt: attempt * _amount(amount, wildcards) + QUEUE_MINUTES


def _amount(amount, wildcards):
    return amount(wildcards) if callable(amount) else amount


def network_or(kind, network, other):
    """Function of the wildcards: a network has its need from the budget, any other model this."""
    return lambda wildcards: network if kind(wildcards) else other


def with_its_model(is_heavy):
    """Group: what takes seconds for a model goes in one job, unless a network is at work in it."""

    def group(wildcards):
        return None if is_heavy(wildcards) else f"model-{wildcards.model}"

    return group


def with_its_scores(wildcards):
    """Group: scores and laws of one ensemble, of a model without a network with all the rest."""
    return f"{'scores' if is_drawing(wildcards) else 'model'}-{wildcards.model}"


def with_its_climates(wildcards):
    """Group: climates and what changes between them, of a network, or of a run without a model."""
    name = wildcards.get("model") or wildcards.get("pseudo_reality") or wildcards.rcm
    if name not in PROJECT.models:
        return f"run-{name}"
    return f"climate-{name}" if is_drawing(wildcards) else f"model-{name}"


def with_other_stations(wildcards):
    """Group: station scores of all networks together, any other with what it is made from."""
    name = wildcards.get("model")
    return "stations" if name and is_drawing(wildcards) else with_its_climates(wildcards)


def with_its_correction(wildcards):
    """Group: fitting a quantile map, and applying it."""
    return f"map-{correction_name(wildcards)}"


def training_processes(wildcards):
    """A resource, not a parameter: no weight depends on it, so no change of it trains again."""
    return NEEDS.training_processes if is_trained(wildcards) else 1


def training_tasks(wildcards):
    """Tasks of SLURM, where there are several; None asks for nothing."""
    return training_processes(wildcards) if training_processes(wildcards) > 1 else None


def one_node(wildcards):
    return 1 if training_tasks(wildcards) else None


def own_launcher(wildcards):
    """SLURM's plugin puts no srun of its own around a job that starts its tasks by itself."""
    return "srun" if training_tasks(wildcards) else None
