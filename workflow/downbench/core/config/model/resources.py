"""What the jobs of networks ask of a cluster: it grows with the budget, and changes no result."""

from typing import Self

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from downbench.core.config.model.budget import Budget
from downbench.core.config.section import Section


class Needs(Section):
    """Memory and time of one job at its first attempt; every further one gets as much more."""

    training_processes: PositiveInt = Field(
        default=1,
        description="processes that train a network together, each with an accelerator of its own "
        "and its share of every batch [1]",
    )
    training_memory_gb: PositiveFloat = Field(
        description="memory of a training, all of its processes together [GB]"
    )
    training_minutes: PositiveInt = Field(description="time limit of a training [min]")
    sampling_memory_gb: PositiveFloat = Field(description="memory of one ensemble [GB]")
    sampling_minutes: PositiveInt = Field(description="time limit of one ensemble [min]")
    scoring_memory_gb: PositiveFloat = Field(
        default=1, description="memory of scoring an ensemble, which is read part by part [GB]"
    )
    scoring_minutes: PositiveInt = Field(
        default=10, description="time limit of scoring an ensemble [min]"
    )
    climate_memory_gb: PositiveFloat = Field(
        default=2, description="memory of scoring a climate, all of it at a time [GB]"
    )
    climate_minutes: PositiveInt = Field(
        default=10, description="time limit of scoring a climate [min]"
    )


class NeedyBudget(Budget):
    """A budget with what its jobs need; apart from `Budget`, which every step reads."""

    needs: Needs = Field(description="what a cluster is asked for; no result depends on it")

    @model_validator(mode="after")
    def _equal_shares(self) -> Self:
        batch, processes = self.training.batch_size, self.needs.training_processes
        if batch % processes:
            raise ValueError(
                f"needs.training_processes = {processes} cannot share training.batch_size = "
                f"{batch} equally: make the latter a multiple of the former"
            )
        return self
