"""Options of elucidated diffusion (EDM)."""

from typing import ClassVar, Self

from pydantic import Field, PositiveFloat, model_validator

from downbench.core.config.model.options import ProcessOptions


class EdmOptions(ProcessOptions):
    """Noise levels of EDM, in training and in sampling."""

    samplers: ClassVar[tuple[str, ...]] = ("heun", "dpmpp_2m")

    sigma_min: PositiveFloat = Field(description="smallest noise level of the sampler [1]")
    sigma_max: PositiveFloat = Field(description="largest noise level of the sampler [1]")
    rho: PositiveFloat = Field(description="exponent of the noise levels' spacing [1]")
    P_mean: float = Field(description="mean of ln(sigma) in training [1]")
    P_std: PositiveFloat = Field(description="standard deviation of ln(sigma) in training [1]")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.sigma_min >= self.sigma_max:
            raise ValueError(
                f"sigma_min = {self.sigma_min:g} is not below sigma_max = {self.sigma_max:g}: the "
                "sampler goes from the largest noise to the smallest"
            )
        return self
