"""Constraints by physical laws: in the loss, by a layer, or by guidance while sampling."""

from collections.abc import Collection
from typing import Any, Literal, Self

from pydantic import Field, NonNegativeFloat, PositiveFloat, model_validator

from downbench.core.config.section import Section

RainLayer = Literal["multiplicative", "softmax", "scaled_additive"]
TemperatureLayer = Literal["additive"]


class PhysicsLoss(Section):
    """The physics-guided loss: squared violations, in units of what interpolation violates."""

    mass_weight: NonNegativeFloat = Field(
        description="weight of block means against the driver's rain and temperature [1]"
    )
    budget_weight: NonNegativeFloat = Field(
        description="weight of block-mean rain against the moisture budget, where the driver "
        "has its terms [1]"
    )
    warm_up_share: float = Field(
        ge=0, le=1, description="share of the training over which both weights rise from 0 [1]"
    )


class Constraint(Section):
    """Block means made equal to the driver's: valid with a perfect driver only."""

    pr: RainLayer | None = Field(
        default=None,
        description="layer of rain; null leaves rain alone (additive could turn "
        "rain negative, so it is not offered)",
    )
    temperature: TemperatureLayer | None = Field(
        default=None, description="layer of temperature; null leaves temperature alone"
    )
    trained: bool = Field(
        description="part of the network in training and sampling (true), or applied to the "
        "samples of a trained model (false)"
    )
    rain_ceiling_mm_day: PositiveFloat | None = Field(
        default=None,
        description="upper bound of rain that `scaled_additive` scales its additions by "
        "[mm day-1]; for that layer alone",
    )

    @model_validator(mode="after")
    def _ceiling_where_it_is_used(self) -> Self:
        if (self.pr == "scaled_additive") != (self.rain_ceiling_mm_day is not None):
            raise ValueError("give rain_ceiling_mm_day with pr: scaled_additive, and only there")
        return self


class Guidance(Section):
    """Block means guided toward the driver's while sampling; nothing is trained."""

    error_mm_day: PositiveFloat = Field(
        description="standard error allowed to block-mean rain [mm day-1]"
    )
    relative_error: float = Field(
        ge=0,
        le=1,
        description="the same as a share of the driver's rain; the larger of the two counts [1]",
    )
    error_k: PositiveFloat = Field(
        description="standard error allowed to block-mean temperature [K]"
    )
    gamma: PositiveFloat = Field(
        description="prior variance of a block mean of the residual over that of white noise of "
        "the residual's variance: 1 for white, the cells of a block for one constant [1]"
    )


class Physics(Section):
    """Any of the three constraint methods, on a model whose family supports it."""

    loss: PhysicsLoss | None = Field(default=None, description="physics-guided loss")
    constraint: Constraint | None = Field(default=None, description="hard block means")
    guidance: Guidance | None = Field(default=None, description="guidance of a diffusion model")

    @property
    def trained(self) -> dict[str, Any]:
        """The part that weights depend on: the loss and a trained layer."""
        layer = self.constraint if self.constraint and self.constraint.trained else None
        return {"loss": self.loss, "constraint": layer}


def unsupported(physics: Physics, supports: Collection[str]) -> dict[str, str]:
    """Return the keys of a section that a family's code does not read, by the capability."""
    parts = {
        "loss": ("physics.loss", physics.loss),
        "layer": ("physics.constraint.trained", physics.trained["constraint"]),
        "guidance": ("physics.guidance", physics.guidance),
    }
    return {
        capability: key
        for capability, (key, part) in parts.items()
        if part is not None and capability not in supports
    }
