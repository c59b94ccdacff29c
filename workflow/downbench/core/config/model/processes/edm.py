"""Options of elucidated diffusion (EDM)."""

from typing import ClassVar

from pydantic import Field, PositiveFloat

from downbench.core.config.model.options import ProcessOptions


class EdmOptions(ProcessOptions):
    """Noise levels of EDM, in training and in sampling."""

    samplers: ClassVar[tuple[str, ...]] = ("heun", "dpmpp_2m")

    sigma_min: PositiveFloat = Field(description="smallest noise level of the sampler [1]")
    sigma_max: PositiveFloat = Field(description="largest noise level of the sampler [1]")
    rho: PositiveFloat = Field(description="exponent of the noise levels' spacing [1]")
    P_mean: float = Field(description="mean of ln(sigma) in training [1]")
    P_std: PositiveFloat = Field(description="standard deviation of ln(sigma) in training [1]")
