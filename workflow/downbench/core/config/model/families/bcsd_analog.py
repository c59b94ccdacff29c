"""Options of BCSD with analogues."""

from typing import Literal

from pydantic import Field, PositiveFloat, PositiveInt

from downbench.core.config.model.descriptions import LIBRARY
from downbench.core.config.model.families.bcsd import BcsdOptions


class BcsdAnalogOptions(BcsdOptions):
    """BCSD whose texture comes from past days."""

    analogs: Literal["nearest", "random"] = Field(
        description="past days with the nearest coarse pattern, or any of the same season"
    )
    pool: PositiveInt = Field(
        description="nearest past days that members are sampled from, at least one per member "
        "[days]"
    )
    scaling_cap: PositiveFloat = Field(
        description="largest factor on the rain of a past block; the rest is spread evenly [1]"
    )
    library_days: PositiveInt | None = Field(description=LIBRARY)
