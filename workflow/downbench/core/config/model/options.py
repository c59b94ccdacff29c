"""What the options of all families and processes share, and what a family's code supports."""

from typing import ClassVar, Literal, Self

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from downbench.core.config.section import Section

Capability = Literal["loss", "layer", "guidance"]


class FamilyOptions(Section):
    """Options of a family; `supports` names the parts of `physics` that its code reads."""

    supports: ClassVar[frozenset[Capability]] = frozenset()
    has_cell_density: ClassVar[bool] = False
    """Whether its models have the exact density of single cells (`labs.base.CellDensity`)."""


class NetworkOptions(FamilyOptions):
    """Options of a family that trains a network: its jobs get cores and an accelerator."""

    learning_rate: PositiveFloat | None = Field(
        default=None, description="peak learning rate [1]; null takes the budget's"
    )
    samples_share: float = Field(
        default=1.0,
        gt=0,
        le=1,
        description="share of the budget's `train_samples` that its own training takes; a model "
        "and its bases together take 1 at most, so that rivals have equal budgets [1]",
    )


class SpreadOptions(NetworkOptions):
    """Options of a family whose ensembles are calibrated after the training."""

    spread_days: PositiveInt | None = Field(
        default=None,
        description="validation days on which a factor on the members' spread is fitted; null "
        "leaves the spread as it was learned [days]",
    )
    spread_members: int = Field(
        default=4, ge=2, description="members sampled of each of these days [1]"
    )


class ProcessOptions(Section):
    """Options of a generative process; `samplers` names the solvers that it offers."""

    samplers: ClassVar[tuple[str, ...]] = ()


class Sampler(Section):
    """Solver of a generative process, and how many steps it takes."""

    solver: str = Field(description="solver, by the name that the process gives it")
    steps: PositiveInt = Field(description="steps from noise to sample [1]")


class GenerativeOptions(NetworkOptions):
    """Options of a family that samples by a generative process.

    The YAML entry holds the options of the process next to these.
    """

    samplers: ClassVar[tuple[str, ...]] = ()

    process: str = Field(description="generative process: a module of labs/generative/processes/")
    calibration_sampler: str = Field(
        description="solver of the process for what the training samples: golden outputs and "
        "the calibration of the spread"
    )
    calibration_steps: int = Field(
        ge=1,
        le=1000,
        description="steps of that solver; the budget's `sampling` sets those of ensembles [1]",
    )

    @model_validator(mode="after")
    def _offered_by_the_process(self) -> Self:
        if self.calibration_sampler not in self.samplers:
            raise ValueError(
                f"calibration_sampler = '{self.calibration_sampler}': process '{self.process}' "
                f"does not have it: choose one of {', '.join(self.samplers)}"
            )
        return self

    @property
    def calibration(self) -> Sampler:
        """The sampler of golden outputs and of the calibration of the spread."""
        return Sampler(solver=self.calibration_sampler, steps=self.calibration_steps)
