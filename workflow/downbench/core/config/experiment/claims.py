"""What the physics experiment claims, and the models that it is told from."""

from typing import Literal, Self

from pydantic import Field, NonNegativeFloat, PositiveFloat, model_validator

from downbench.core.config.section import Section

Way = Literal["loss", "constraint", "guidance"]


class Arm(Section):
    """A model that is made to obey, beside the same model that is not."""

    model: str = Field(description="the model that obeys")
    of: str = Field(description="the same model without: its price is measured against this one")
    by: Way = Field(description="how it obeys: a part of the model's section `physics`")


class Price(Section):
    """The largest changes for the worse that still count as little."""

    log_spectral_distance_db: NonNegativeFloat = Field(
        description="rise of the log-spectral distance from the truth [dB]"
    )
    p99_percent: NonNegativeFloat = Field(
        description="change of the 99th percentile of rain, up or down [percent]"
    )
    crps_percent: NonNegativeFloat = Field(description="rise of the fair CRPS [percent]")
    spread_skill: NonNegativeFloat = Field(
        description="change of the spread-skill ratio, up or down [1]"
    )


class Claims(Section):
    """The three claims about physics, in numbers."""

    models: tuple[str, ...] = Field(
        min_length=1, description="the unconstrained generative models that the claims are about"
    )
    unconstrained_percent: tuple[NonNegativeFloat, PositiveFloat] = Field(
        description="claim 1: their violation rate lies between these two [percent]"
    )
    guided_percent: PositiveFloat = Field(
        description="claim 2: with a physics-guided loss it is below this [percent]"
    )
    tolerated_degradation: Price = Field(description="claim 3: what that loss may cost at most")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        low, high = self.unconstrained_percent
        if low >= high:
            raise ValueError(f"unconstrained_percent = [{low:g}, {high:g}]: write [low, high]")
        return self
