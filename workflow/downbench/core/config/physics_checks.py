"""How far a field may be from a physical law before that counts as a violation."""

from typing import Self

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from downbench.core.config.percent import NonNegativePercent, Percentile, SmallPercent
from downbench.core.config.section import Section


class ClausiusClapeyron(Section):
    """How the scaling of heavy rain with temperature is measured."""

    percentiles: tuple[Percentile, ...] = Field(
        description="percentiles of wet values whose rate is measured [percent]"
    )
    temperature_bins: PositiveInt = Field(
        ge=3, description="bins of temperature that hold equally many wet values [1]"
    )
    wet_mm_day: PositiveFloat = Field(description="values at or above this rain count [mm day-1]")
    parts_of_year: PositiveInt = Field(
        le=12, description="parts of the year in which each cell has a climate of its own [1]"
    )
    fewest_beyond: PositiveInt = Field(
        description="wet values beyond a percentile that each bin must hold [1]"
    )


class PhysicsChecks(Section):
    """Tolerances of the physical laws; a range of them is reported, with one for the headline."""

    rain_tolerance_mm_day: PositiveFloat = Field(
        description="rain may always differ by this much [mm day-1]"
    )
    rain_tolerance_percent: tuple[SmallPercent, ...] = Field(
        description="range of tolerances relative to the rain that the law expects [percent]"
    )
    temperature_tolerance_k: tuple[PositiveFloat, ...] = Field(
        description="range of tolerances of temperature [K]"
    )
    headline_percent: SmallPercent = Field(
        description="the one of `rain_tolerance_percent` that verdicts use [percent]"
    )
    headline_k: PositiveFloat = Field(
        description="the one of `temperature_tolerance_k` that verdicts use [K]"
    )
    supersaturation_percent: NonNegativePercent = Field(
        description="relative humidity may exceed 100 by this much [percent]"
    )
    clausius_clapeyron: ClausiusClapeyron = Field(
        description="scaling of heavy rain with temperature"
    )

    @model_validator(mode="after")
    def _headlines_are_reported(self) -> Self:
        for headline, tolerances in (
            ("headline_percent", self.rain_tolerance_percent),
            ("headline_k", self.temperature_tolerance_k),
        ):
            if getattr(self, headline) not in tolerances:
                raise ValueError(
                    f"{headline} {getattr(self, headline)} must be one of {tolerances}"
                )
        return self
