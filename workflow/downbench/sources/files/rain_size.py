"""Catches a wrong unit of rain by the size of its values (trap T15)."""

from downbench.core.contract_values import (
    FEWEST_TIMES,
    RAIN_MEDIAN_MM_DAY,
    RAIN_MM_DAY,
    SUBDAILY_RAIN_MEDIAN_MM_DAY,
    WET_MM_DAY,
)
from downbench.core.errors import UserError
from downbench.core.rain_counts import RainCounts
from downbench.core.rain_magnitude import other_unit

FLOOD_MEDIAN_MM_DAY = 100.0
"""Largest median of a few days: they may be those of a flood alone."""


def require_plausible_rain(
    rain: RainCounts, times: int, daily: bool, label: str, polar: bool = False
) -> None:
    """Refuse rain that is too large, or small as in another unit.

    Parameters
    ----------
    rain
        Counts of all values of a series or event.
    times
        Number of its times.
    daily
        Does a value stand for a day? Days may all be dry; frames of an event are not.
    polar
        Is the region beyond 60 degrees?

    Raises
    ------
    UserError
        When the median of values ≥ 1 mm day-1 is not that of rain; of a year of days also when
        small values would be ordinary rain in another unit.
    """
    is_year = daily and times >= FEWEST_TIMES
    if is_year:
        _refuse_small(rain, label, polar)
    is_wet = rain.number(WET_MM_DAY) > 0
    if daily and not is_wet:
        return
    low, high = RAIN_MEDIAN_MM_DAY if daily else SUBDAILY_RAIN_MEDIAN_MM_DAY
    high = FLOOD_MEDIAN_MM_DAY if daily and not is_year else high
    median = rain.median(WET_MM_DAY) if is_wet else 0.0
    if not low <= median <= high:
        raise UserError(
            f"{label}: the median of rain ≥ 1 mm day-1 is {median:.3g} mm day-1, outside "
            f"[{low:g}, {high:g}]: set `units:` to the file's true unit"
        )


def _refuse_small(rain: RainCounts, label: str, polar: bool) -> None:
    if not rain.number(0.0) or rain.median(RAIN_MM_DAY) >= RAIN_MEDIAN_MM_DAY[0]:
        return
    unit = other_unit(rain, rain.most, polar)
    if unit:
        raise UserError(
            f"{label}: the median of rain is {rain.median(0.0):.3g} mm day-1 where it rains; it "
            f"would be ordinary rain in {unit}: set `units:` to the file's true unit"
        )
