"""The options of each model family: what a YAML entry may say beyond the common keys."""

from pydantic import Field, PositiveFloat, PositiveInt

from downbench.core.config.model.baseline_options import Bcsd, BcsdAnalog, Climatology
from downbench.core.config.section import Section


class Fixed(Section):
    """A model without options."""


class Learned(Section):
    """What every learned model may change against its budget."""

    learning_rate: PositiveFloat | None = Field(
        default=None, description="peak learning rate [1]; null takes the budget's"
    )


class Unet(Learned):
    """Deterministic UNet."""

    dropout: float = Field(
        ge=0, lt=1, description="probability that a feature is dropped in training [1]"
    )


class McDropout(Learned):
    """Monte Carlo dropout with aleatoric heads."""

    dropout: float = Field(gt=0, lt=1, description="probability that a feature is dropped [1]")


class CorrDiff(Learned):
    """Regression mean plus diffusion of the residual (EDM)."""

    sigma_min: PositiveFloat = Field(description="smallest noise level of the sampler [1]")
    sigma_max: PositiveFloat = Field(description="largest noise level of the sampler [1]")
    rho: PositiveFloat = Field(description="exponent of the noise levels' spacing [1]")
    P_mean: float = Field(description="mean of ln(sigma) in training [1]")
    P_std: PositiveFloat = Field(description="standard deviation of ln(sigma) in training [1]")
    spread_days: PositiveInt | None = Field(
        description="validation days on which the members' spread is matched to their error; null "
        "leaves the spread as it was learned [days]"
    )
    spread_members: int = Field(ge=2, description="members drawn of each of these days [1]")


FAMILIES: dict[str, type[Section]] = {
    "climatology": Climatology,
    "bilinear": Fixed,
    "bcsd": Bcsd,
    "bcsd_analog": BcsdAnalog,
    "oracle": Fixed,
    "unet": Unet,
    "unet_dressed": Learned,
    "mc_dropout": McDropout,
    "corrdiff": CorrDiff,
}
