"""Claims of an experiment about physical constraints, and the models that they concern."""

from typing import Literal, Self

from pydantic import Field, NonNegativeFloat, PositiveFloat, model_validator

from downbench.core.config.percent import NonNegativePercent, Percent
from downbench.core.config.section import Section

ConstraintMethod = Literal["loss", "constraint", "guidance"]


class ConstrainedModel(Section):
    """A constrained model and its unconstrained version; their difference is the cost."""

    model: str = Field(description="the constrained model")
    unconstrained: str = Field(description="the same model without the constraint")
    method: ConstraintMethod = Field(
        description="constraint method: a key of the model's section `physics`"
    )

    @model_validator(mode="after")
    def _check_two_models(self) -> Self:
        if self.model == self.unconstrained:
            raise ValueError(f"'{self.model}' would be compared with itself: name two models")
        return self


class ToleratedDegradation(Section):
    """The largest loss of skill or sharpness that a constraint may cost."""

    log_spectral_distance_db: NonNegativeFloat = Field(
        description="increase of the log-spectral distance from the reference [dB]"
    )
    p99_percent: NonNegativePercent = Field(
        description="change of the 99th percentile of precipitation, up or down [percent]"
    )
    crps_percent: NonNegativePercent = Field(description="increase of the fair CRPS [percent]")
    spread_skill: NonNegativeFloat = Field(
        description="change of the spread-skill ratio, up or down [1]"
    )


class Claims(Section):
    """Thresholds of the three claims about physical constraints."""

    models: tuple[str, ...] = Field(
        min_length=1, description="unconstrained generative models that the claims are about"
    )
    unconstrained_percent: tuple[NonNegativeFloat, Percent] = Field(
        description="claim 1: their violation rate lies between these two values [percent]"
    )
    guided_percent: PositiveFloat = Field(
        description="claim 2: with a physics-guided loss it is below this value [percent]"
    )
    tolerated_degradation: ToleratedDegradation = Field(
        description="claim 3: that loss costs no more than this"
    )

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        low, high = self.unconstrained_percent
        if low >= high:
            raise ValueError(f"unconstrained_percent = [{low:g}, {high:g}]: write [low, high]")
        return self
