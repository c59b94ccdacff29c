"""A named model: its lab, its family and the family's options."""

from typing import Any, Literal

from pydantic import Field, SerializeAsAny, ValidationInfo, field_validator

from downbench.core.config.model.constraints import Physics, unread
from downbench.core.config.model.families import FAMILIES
from downbench.core.config.region.source import DriverType
from downbench.core.config.section import Section

Lab = Literal["baselines", "generative", "bayesian"]


class Requires(Section):
    """Where alone a model makes sense; empty means everywhere."""

    known_distribution: bool = Field(
        default=False, description="a target whose distribution given the coarse day is known"
    )
    driver_type: DriverType | None = Field(
        default=None, description="the type of the training driver"
    )


class Model(Section):
    """One entry of `config/models.yaml`, with `extends` applied.

    In the YAML the options of the family stand beside the common keys.
    """

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="the entry's own name")
    lab: Lab = Field(description="who trains it: the folder under labs/ and the rule file")
    family: str = Field(description="module of the lab that implements it")
    base: str | None = Field(
        default=None, description="model whose trained bundle is an input of this one's training"
    )
    shares_weights_with: str | None = Field(
        default=None,
        description="model whose trained bundle is taken as it is: this one trains nothing and "
        "differs in sampling alone",
    )
    physics: Physics | None = Field(
        default=None, description="ways in which it is made to obey the laws; null for none"
    )
    label: str = Field(default="", description="name in figures and tables; empty takes `name`")
    requires: Requires = Field(default=Requires(), description="where alone it takes part")
    options: SerializeAsAny[Section] = Field(description="options of the family, see families")

    @field_validator("family")
    @classmethod
    def _known_family(cls, family: str) -> str:
        if family not in FAMILIES:
            raise ValueError(f"choose one of {', '.join(sorted(FAMILIES))}")
        return family

    @field_validator("physics")
    @classmethod
    def _read_by_the_family(cls, physics: Physics | None, info: ValidationInfo) -> Physics | None:
        wrong = unread(physics, info.data.get("family", "")) if physics else []
        if wrong:
            raise ValueError("; ".join(wrong))
        return physics

    @field_validator("options", mode="before")
    @classmethod
    def _of_the_family(cls, options: Any, info: ValidationInfo) -> Any:
        family = FAMILIES.get(info.data.get("family", ""), Section)
        return options if isinstance(options, Section) else family.model_validate(options)

    @property
    def needs(self) -> str | None:
        """The model whose bundle its training starts from."""
        return self.shares_weights_with or self.base

    @property
    def is_constrained(self) -> bool:
        """Whether its block means equal the driver's: valid with a perfect driver only (T23)."""
        return self.physics is not None and self.physics.constraint is not None


COMMON_KEYS = tuple(name for name in Model.model_fields if name not in ("name", "options"))


def from_entry(name: str, entry: dict[str, Any]) -> dict[str, Any]:
    """Sort an entry's keys into common ones and the family's options."""
    common = {key: value for key, value in entry.items() if key in COMMON_KEYS}
    options = {key: value for key, value in entry.items() if key not in COMMON_KEYS}
    return {"name": name, **common, "options": options}
