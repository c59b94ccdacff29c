"""An experiment: which models are compared, on which splits, and what is drawn."""

from typing import Literal

from pydantic import Field, field_validator

from downbench.core.config.claims import Arm, Claims
from downbench.core.config.section import Section
from downbench.core.config.tolerances import Tolerances

Scored = Literal["test", "warm"]


class Experiment(Section):
    """A view on artefacts: it trains nothing that another experiment could not use."""

    name: str = Field(pattern=r"^[a-z0-9]+$", description="its name, a folder of its results")
    title: str = Field(description="heading of the report")
    hypothesis: str = Field(description="the sentence that the verdict is about")
    models: tuple[str, ...] = Field(min_length=1, description="models compared, in this order")
    splits: tuple[Scored, ...] = Field(
        min_length=1, description="splits scored; figures and report show the first"
    )
    reference_model: str = Field(description="the model that the hypothesis wants to see beaten")
    climatology_model: str = Field(description="the zero of the CRPS skill score")
    figures: tuple[str, ...] = Field(
        min_length=1,
        description="modules of plots/ to draw; one whose NEEDS a region cannot give is left out",
    )
    arms: tuple[Arm, ...] = Field(
        default=(), description="models that are made to obey physical laws, each beside its own"
    )
    claims: Claims | None = Field(
        default=None,
        description="what is claimed about physical laws; null where the verdict is about skill",
    )
    transferred: tuple[str, ...] = Field(
        default=(),
        description="models that are applied, frozen, to the runs of climate models; none where "
        "the experiment asks nothing of them",
    )
    tolerances: Tolerances = Field(
        default=Tolerances(), description="what claims about climate models are judged by"
    )
    labels: dict[str, str] = Field(
        default={}, description="label of each model in figures; filled in from models.yaml"
    )

    @field_validator("models", "splits", "figures", "transferred")
    @classmethod
    def _once(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        twice = [name for place, name in enumerate(names) if name in names[:place]]
        if twice:
            raise ValueError(f"'{twice[0]}' stands there twice: name it once")
        return names
