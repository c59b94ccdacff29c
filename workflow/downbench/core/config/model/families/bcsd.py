"""Options of BCSD."""

from pydantic import Field, PositiveFloat, PositiveInt

from downbench.core.config.model.descriptions import WINDOW
from downbench.core.config.model.options import FamilyOptions


class BcsdOptions(FamilyOptions):
    """Bias correction and spatial disaggregation."""

    window_days: PositiveInt = Field(description=WINDOW)
    quantiles: PositiveInt = Field(
        description="quantiles of a window, in the middle of equal bins of probability [1]"
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
