"""What the jobs of networks ask of a cluster: it grows with the budget, and changes no result."""

from pydantic import Field, PositiveFloat, PositiveInt

from downbench.core.config.budget import Budget
from downbench.core.config.section import Section


class Needs(Section):
    """Memory and time of one job at its first attempt; every further one gets as much more."""

    training_memory_gb: PositiveFloat = Field(description="memory of a training [GB]")
    training_minutes: PositiveInt = Field(description="time limit of a training [min]")
    sampling_memory_gb: PositiveFloat = Field(description="memory of one ensemble [GB]")
    sampling_minutes: PositiveInt = Field(description="time limit of one ensemble [min]")


class NeedyBudget(Budget):
    """A budget with what its jobs need; apart from `Budget`, which every step reads."""

    needs: Needs = Field(description="what a cluster is asked for; no result depends on it")
