"""Catches a wrong unit of rain by the size of its values (trap T15)."""

import numpy as np

from downbench.core.contract_values import (
    FEWEST_TIMES,
    RAIN_MEDIAN_MM_DAY,
    RAIN_MM_DAY,
    SUBDAILY_RAIN_MEDIAN_MM_DAY,
    WET_MM_DAY,
)
from downbench.core.errors import UserError
from downbench.core.rain_magnitude import other_unit

FLOOD_MEDIAN_MM_DAY = 100.0
"""Largest median of a few days: they may be those of a flood alone."""


def require_plausible_rain(rain: np.ndarray, daily: bool, label: str, polar: bool = False) -> None:
    """Refuse rain that is too large, or small as in another unit.

    Parameters
    ----------
    rain
        All values of a file or event [mm day-1], (time, …).
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
    is_year = daily and len(rain) >= FEWEST_TIMES
    if is_year:
        _refuse_small(rain, label, polar)
    wet = rain[rain >= WET_MM_DAY]
    if daily and not wet.size:
        return
    low, high = RAIN_MEDIAN_MM_DAY if daily else SUBDAILY_RAIN_MEDIAN_MM_DAY
    high = FLOOD_MEDIAN_MM_DAY if daily and not is_year else high
    median = float(np.median(wet)) if wet.size else 0.0
    if not low <= median <= high:
        raise UserError(
            f"{label}: the median of rain ≥ 1 mm day-1 is {median:.3g} mm day-1, outside "
            f"[{low:g}, {high:g}]: set `units:` to the file's true unit"
        )


def _refuse_small(rain: np.ndarray, label: str, polar: bool) -> None:
    positive = rain[rain > 0]
    damp = rain[rain >= RAIN_MM_DAY]
    if not positive.size or (damp.size and float(np.median(damp)) >= RAIN_MEDIAN_MM_DAY[0]):
        return
    unit = other_unit(rain, float(positive.max()), polar)
    if unit:
        raise UserError(
            f"{label}: the median of rain is {float(np.median(positive)):.3g} mm day-1 where it "
            f"rains; it would be ordinary rain in {unit}: set `units:` to the file's true unit"
        )
