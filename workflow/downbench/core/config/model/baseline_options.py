"""Options of the baselines: the scientific choices of climatology and BCSD."""

from typing import Literal

from pydantic import Field, PositiveFloat, PositiveInt

from downbench.core.config.section import Section

WINDOW = "width of the window around the day of the year [days]"
LIBRARY = "past days kept, drawn at random; null keeps all of the training years [days]"


class Climatology(Section):
    """Days of other years around the same day of the year."""

    window_days: PositiveInt = Field(description=WINDOW)
    library_days: PositiveInt | None = Field(description=LIBRARY)


class Bcsd(Section):
    """Bias correction and spatial disaggregation."""

    window_days: PositiveInt = Field(description=WINDOW)
    quantiles: PositiveInt = Field(
        description="equal steps in probability of a quantile map [count]"
    )
    trace_mm_day: PositiveFloat = Field(
        description="rain below this is dry in the quantile map [mm day-1]"
    )
    climatology_floor_mm_day: PositiveFloat = Field(
        description="rain climatology below this is too small to divide by [mm day-1]"
    )
    ratio_cap: PositiveFloat = Field(
        description="largest ratio of rain below that floor or beyond the training quantiles [1]"
    )


class BcsdAnalog(Bcsd):
    """BCSD whose texture comes from past days."""

    analogs: Literal["nearest", "random"] = Field(
        description="past days with the nearest coarse pattern, or any of the same season"
    )
    pool: PositiveInt = Field(
        description="nearest past days that members are drawn from, at least one per member [days]"
    )
    scaling_cap: PositiveFloat = Field(
        description="largest factor on the rain of a past block; the rest is spread evenly [1]"
    )
    library_days: PositiveInt | None = Field(description=LIBRARY)
