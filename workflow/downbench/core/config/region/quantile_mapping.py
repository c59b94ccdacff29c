"""The section `corrections:` of a region: bias correction by quantile mapping."""

from typing import Any, Literal, Self

from pydantic import (
    Field,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    field_validator,
    model_validator,
)

from downbench.core.config.region.splits import spelled_out
from downbench.core.config.section import Section, Seed
from downbench.core.variables import RAIN, TEMPERATURES

Kind = Literal["additive", "multiplicative"]
Method = Literal["eqm", "dqm", "qdm"]


class RainCorrection(Section):
    """Settings of rain: dry days, small amounts, a ceiling."""

    trace_mm_day: PositiveFloat = Field(
        description="rain below this is dry; replaced by random traces before [mm day-1]"
    )
    least_wet_days: NonNegativeInt = Field(
        description="wet days that model and reference need in a window of the fit; a cell with "
        "fewer keeps its raw rain there, which is reported [days]"
    )
    small_mm_day: PositiveFloat = Field(
        description="below this quantile of the model a ratio is noise [mm day-1]"
    )
    small_cap: float = Field(
        ge=1,
        description="there, rain becomes at most this many times the reference's quantile, "
        "or stays as it is where that is more [1]",
    )
    ceiling_mm_day: PositiveFloat = Field(
        description="corrected rain above this stops the run [mm day-1]"
    )


class QuantileMapping(Section):
    """One quantile map, fitted on a historical run and applied to it and to future runs."""

    fitted_on: str = Field(description="driver whose distribution is corrected: a historical run")
    reference: str = Field(
        description="driver whose distribution it takes: `perfect` is the coarsened target"
    )
    method: Method = Field(
        description="eqm = empirical quantile mapping; dqm = the same without the change of the "
        "mean, which is restored; qdm = quantile delta mapping, which keeps the change of every "
        "quantile"
    )
    variables: dict[str, Kind] = Field(
        min_length=1,
        description="variables corrected, by difference (temperature) or by ratio (rain); a "
        "predictor that is not among them stays raw",
    )
    window_days: PositiveInt | None = Field(
        description="width of the window around the day of the year [days]; null pools calendar "
        "months instead"
    )
    window_step_days: PositiveInt = Field(
        description="days between the centres of two windows; a day takes the nearest [days]"
    )
    quantiles: int = Field(
        ge=2, description="quantiles of a window, in the middle of equal bins of probability [1]"
    )
    least_days: PositiveInt = Field(
        default=60,
        description="days that model and reference need in a window of the fit; a cell with fewer "
        "keeps its raw values there, which is reported; a map in which all do stops [days]",
    )
    interpolate: Literal["quantiles", "factors"] = Field(
        description="what is linear between two quantiles: these, or their difference or ratio "
        "(as in xsdba; overshoots if the ratio is steep)"
    )
    tail_cap: float = Field(
        ge=1, description="largest ratio beyond the outermost quantiles, of rain and the like [1]"
    )
    cross_fit_blocks: int | None = Field(
        ge=2,
        description="blocks of years; in the run that it is fitted on, each block is corrected by "
        "a fit on the others; null corrects all years by one fit, and they cannot be scored [1]",
    )
    calibration_years: tuple[int, ...] | None = Field(
        default=None,
        description="years that it is fitted on; '1981-2010' is a range; null takes all that both "
        "series have",
    )
    period_years: PositiveInt = Field(
        description="longest stretch of a run whose ranks (qdm) or mean (dqm) are taken together "
        "[years]"
    )
    rain: RainCorrection | None = Field(
        default=None, description="settings of rain, if `pr` is corrected"
    )
    temperature_limits_k: tuple[PositiveFloat, PositiveFloat] | None = Field(
        default=None,
        description="a corrected temperature below the first or above the second stops the run "
        "[K]; needed if one is corrected",
    )
    seed: Seed = Field(description="seed of the random traces [1]")

    @field_validator("calibration_years", mode="before")
    @classmethod
    def _ranges(cls, years: Any) -> Any:
        return list(spelled_out(years)) if isinstance(years, (list, tuple)) else years

    @model_validator(mode="after")
    def _rain_by_ratio(self) -> Self:
        if (RAIN in self.variables) != (self.rain is not None):
            raise ValueError(f"give the section `rain` if {RAIN} is corrected, and only then")
        if self.variables.get(RAIN, "multiplicative") != "multiplicative":
            raise ValueError(f"variables.{RAIN}: rain is corrected by ratio: write multiplicative")
        return self

    @model_validator(mode="after")
    def _temperature_by_difference(self) -> Self:
        temperatures = [name for name in TEMPERATURES if name in self.variables]
        for name in temperatures:
            if self.variables[name] != "additive":
                raise ValueError(f"variables.{name}: a ratio of kelvins: write additive")
        limits = self.temperature_limits_k
        if bool(temperatures) != (limits is not None):
            raise ValueError("give temperature_limits_k if a temperature is corrected, only then")
        if limits and limits[0] >= limits[1]:
            raise ValueError(f"temperature_limits_k = {list(limits)}: write [lowest, highest]")
        return self

    @model_validator(mode="after")
    def _windows_meet(self) -> Self:
        if self.window_days is not None and self.window_step_days > self.window_days:
            raise ValueError(
                f"window_step_days = {self.window_step_days} leaves days out of every window: "
                f"use at most window_days = {self.window_days}"
            )
        return self
