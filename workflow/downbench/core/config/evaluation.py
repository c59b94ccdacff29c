"""What is scored, at which thresholds, and how sure the numbers are."""

from itertools import pairwise

from pydantic import (
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    field_validator,
)

from downbench.core.config.percent import Percentile
from downbench.core.config.physics_checks import PhysicsChecks
from downbench.core.config.section import Section, Seed
from downbench.core.config.shift import Shift


class Bootstrap(Section):
    """Block bootstrap over days (Kunsch 1989): the interval of every headline number."""

    replicates: PositiveInt = Field(description="resampled series [1]")
    block_days: PositiveInt = Field(
        description="length of a block, longer than the memory of the weather [days]"
    )
    confidence: float = Field(
        ge=0.5, lt=1, description="coverage of the interval, such as 0.95 [1]"
    )


class Evaluation(Section):
    """Settings of the scores."""

    wet_day_mm_day: NonNegativeFloat = Field(
        description="a day is wet at or above this rain [mm day-1]"
    )
    reliability_thresholds_mm_day: tuple[PositiveFloat, ...] = Field(
        description="rain thresholds of the reliability diagrams [mm day-1]"
    )
    pooling_factors: tuple[PositiveInt, ...] = Field(
        description="side of the squares that fields are averaged over before the CRPS [cells]"
    )
    tail_percentiles: tuple[Percentile, ...] = Field(
        description="percentiles of the reference above which the tail scores weigh [percent]"
    )
    redraws: NonNegativeInt = Field(
        default=0,
        description="outcomes sampled for each evaluated day where the distribution of the target "
        "is known and the driver is perfect: proper scores are means over them; 0 = the target "
        "alone [1]",
    )
    least_common_days: PositiveInt = Field(
        description="fewest times that an ensemble and its reference must share to be scored "
        "[days, or frames of events]"
    )
    bootstrap: Bootstrap = Field(description="how the intervals are resampled")
    seed: Seed = Field(description="seed of random rank ties, resampling and score directions [1]")

    physics: PhysicsChecks | None = Field(
        default=None, description="tolerances of the physical laws; only check_physics needs them"
    )

    shift: Shift | None = Field(
        default=None, description="predictor shift; only measure_shift needs it"
    )

    @field_validator("reliability_thresholds_mm_day", "tail_percentiles")
    @classmethod
    def _each_once(cls, values: tuple[float, ...]) -> tuple[float, ...]:
        if len(set(values)) < len(values):
            raise ValueError("a value is listed twice: list each once")
        return values

    @field_validator("pooling_factors")
    @classmethod
    def _nested_from_one(cls, factors: tuple[int, ...]) -> tuple[int, ...]:
        nested = all(large > small and large % small == 0 for small, large in pairwise(factors))
        if factors[:1] != (1,) or not nested:
            raise ValueError("start with 1 and let each divide the next, e.g. [1, 2, 4, 8]")
        return factors
