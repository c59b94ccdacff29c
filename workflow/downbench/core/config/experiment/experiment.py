"""An experiment: the models it compares, the splits it scores and the figures it shows."""

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from downbench.core.config.experiment.claims import Claims, ConstrainedModel
from downbench.core.config.experiment.paired_claims import PairedClaim
from downbench.core.config.experiment.tolerances import Tolerances
from downbench.core.config.section import Section

ScoredSplit = Literal["test", "warm"]


def _is_absent(value: object) -> bool:
    return not value


class Experiment(Section):
    """A comparison of models; the models and their scores are shared between experiments."""

    name: str = Field(
        pattern=r"^[a-z0-9]+$", description="name of the experiment and of its results folder"
    )
    title: str = Field(description="heading of the report")
    hypothesis: str = Field(description="the hypothesis that the verdict tests")
    models: tuple[str, ...] = Field(
        min_length=1, description="models compared, in the order in which they are shown"
    )
    splits: tuple[ScoredSplit, ...] = Field(
        min_length=1, description="splits scored; figures and report show the first"
    )
    reference_model: str = Field(description="the baseline that the hypothesis expects to beat")
    climatology_model: str = Field(description="the model whose CRPS skill is zero")
    # Left out where absent: a new optional key must not change the parameters of any step.
    challenger: str | None = Field(
        default=None,
        exclude_if=_is_absent,
        description="the model that is compared with `rival`; without it there is no verdict",
    )
    rival: str | None = Field(
        default=None,
        exclude_if=_is_absent,
        description="the model that `challenger` is compared with",
    )
    paired_claims: tuple[PairedClaim, ...] = Field(
        default=(),
        exclude_if=_is_absent,
        description="claims about `challenger` and `rival`, each with its own verdict",
    )
    figures: tuple[str, ...] = Field(
        min_length=1,
        description="figures to draw, by name; a figure that needs what the region lacks is left "
        "out",
    )
    constrained_models: tuple[ConstrainedModel, ...] = Field(
        default=(), description="constrained models, each with its unconstrained version"
    )
    claims: Claims | None = Field(
        default=None,
        description="claims about physical constraints; null where the verdict is about skill",
    )
    transferred: tuple[str, ...] = Field(
        default=(),
        description="models applied without retraining to GCM runs; none where the experiment "
        "does not use climate models",
    )
    tolerances: Tolerances = Field(
        default=Tolerances(), description="tolerances of the claims about climate models"
    )
    labels: dict[str, str] = Field(
        default={}, description="label of each model in figures; filled in from models.yaml"
    )

    external: tuple[str, ...] = Field(
        default=(),
        exclude_if=_is_absent,
        description="models whose ensembles were made elsewhere; filled in from models.yaml",
    )
    left_out: dict[str, str] = Field(
        default={},
        exclude_if=_is_absent,
        description="ensembles made elsewhere that have not what is scored, and why; filled in",
    )
    descriptions: dict[str, str] = Field(
        default={},
        exclude_if=_is_absent,
        description="what each model is; filled in from models.yaml",
    )

    @field_validator("models", "splits", "figures", "transferred")
    @classmethod
    def _check_unique(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        repeated = [name for index, name in enumerate(names) if name in names[:index]]
        if repeated:
            raise ValueError(f"'{repeated[0]}' is listed twice: list it once")
        return names

    @model_validator(mode="after")
    def _check_challenger(self) -> Self:
        presence = [bool(key) for key in (self.challenger, self.rival, self.paired_claims)]
        if any(presence) != all(presence):
            raise ValueError(
                "challenger, rival and paired_claims belong together: give all of them or none"
            )
        if self.challenger is not None and self.challenger == self.rival:
            raise ValueError(
                f"challenger = '{self.challenger}' would be compared with itself: name another "
                "model as rival"
            )
        if self.challenger is not None and (self.claims or self.transferred):
            raise ValueError(
                "the verdict is about claims or transferred models here: remove challenger, "
                "rival and paired_claims"
            )
        return self
