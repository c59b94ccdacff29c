"""An experiment: which models are compared, on which splits, and what is drawn."""

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from downbench.core.config.experiment.claims import Arm, Claims
from downbench.core.config.experiment.tolerances import Tolerances
from downbench.core.config.section import Section

Scored = Literal["test", "warm"]


def _absent(value: str | None) -> bool:
    return value is None


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
    # Left out where they are not given: no step has another parameter for a key that is not there.
    challenger: str | None = Field(
        default=None,
        exclude_if=_absent,
        description="the model that the hypothesis speaks for: the verdict compares its fair CRPS "
        "with that of `rival` and of `reference_model`; without it the verdict cannot be told",
    )
    rival: str | None = Field(
        default=None,
        exclude_if=_absent,
        description="the model that `challenger` is said to be better than",
    )
    figures: tuple[str, ...] = Field(
        min_length=1,
        description="modules of plots/ to draw; one whose NEEDS a region cannot give is left out",
    )
    constrained_models: tuple[Arm, ...] = Field(
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

    @model_validator(mode="after")
    def _two_sides(self) -> Self:
        if (self.challenger is None) != (self.rival is None):
            raise ValueError("challenger and rival belong together: give both or neither")
        if self.challenger is not None and self.challenger in (self.rival, self.reference_model):
            raise ValueError(
                f"challenger = '{self.challenger}' would be compared with itself: name another "
                "model as rival, and another reference_model"
            )
        if self.challenger is not None and (self.claims or self.transferred):
            raise ValueError(
                "the verdict is about claims or transferred models here: remove challenger, rival"
            )
        return self
