"""Resources that jobs ask of a cluster: they grow with the budget and change no result."""

from typing import Self

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from downbench.core.config.model.budget import Budget
from downbench.core.config.section import Section


class Resources(Section):
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


class BudgetWithResources(Budget):
    """A budget with the resources of its jobs, which no step reads."""

    resources: Resources = Field(description="what jobs ask of a cluster; no result depends on it")
    trial: bool = Field(
        default=False,
        description="does it only try the workflow, with networks too little trained to quote? "
        "pages say so",
    )

    @model_validator(mode="after")
    def _equal_shares(self) -> Self:
        batch, processes = self.training.batch_size, self.resources.training_processes
        if batch % processes:
            raise ValueError(
                f"resources.training_processes = {processes} cannot share training.batch_size = "
                f"{batch} equally: make the latter a multiple of the former"
            )
        return self
