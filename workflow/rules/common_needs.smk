"""What jobs ask of a cluster: measured at demo (`make resources`), more at every attempt.

How often a job is tried stands in the profile alone: a rule's own `retries` would try again
inside the same allocation, at the limits that were too narrow.
"""

NEEDS = PROJECT.budget.needs


def gigabytes(amount):
    """Resource function: memory of so many GB, or of a function of the wildcards."""
    return lambda wildcards, attempt: f"{attempt * _amount(amount, wildcards)}GB"


def minutes(amount):
    """Resource function: a time limit of so many minutes, or of a function of the wildcards."""
    return lambda wildcards, attempt: attempt * _amount(amount, wildcards)


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
