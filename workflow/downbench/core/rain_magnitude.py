"""Which other unit rain seems to be in, by its frequency and size; dry regions are in none."""

import numpy as np

from downbench.core.rain_counts import RainCounts

WET_MM_DAY = 1.0
LARGE_FACTOR = 100.0
SMALL = "inches, cm or mm h-1"
UNITS = ((1000.0, "m"), (86400.0, "kg m-2 s-1"), (25.4, SMALL), (10.0, SMALL))
"""What turns units into mm day-1; units of about one size look alike."""

USUAL_MEDIAN = (1.5, 20.0)
"""Median of wet values in most climates [mm day-1]."""

RAREST, RAREST_SMALL, RAREST_LARGE = 0.25, 0.1, 0.03
"""Least share of wet values to recognise a unit: deserts are wet that rarely in mm as well. The
second is for values that all lie below 1 mm, the last for units that differ by a large factor."""

LEAST_WET_SHARE, LEAST_WET_MEDIAN = 0.03, 2.0
"""Share of days of at least 1 mm [1], and their median [mm day-1], from which small values on the
other days are drizzle."""

LARGEST, LARGEST_LARGE = 300.0, 1000.0
"""Largest plausible value [mm day-1]."""


def other_unit(rain: RainCounts, most: float, polar: bool) -> str | None:
    """Return the unit in which small values would be ordinary rain; None if there is none.

    Parameters
    ----------
    rain
        Counts of the values, read as mm day-1.
    most
        Largest of all values.
    polar
        Is the region beyond 60 degrees? Cold air snows little but often, as rain in inches seems
        to: only units that differ by a factor of 100 and more are recognised there.
    """
    if has_usual_wet_days(rain):
        return None
    for scale, unit in UNITS:
        is_large = scale > LARGE_FACTOR
        if polar and not is_large:
            continue
        share = rain.number(WET_MM_DAY / scale) / max(1, rain.total)
        rarest = RAREST if most >= WET_MM_DAY else RAREST_SMALL
        if share < (RAREST_LARGE if is_large else rarest):
            continue
        median = rain.median(WET_MM_DAY / scale) * scale
        is_ordinary = USUAL_MEDIAN[0] <= median <= USUAL_MEDIAN[1]
        if is_ordinary and most * scale <= (LARGEST_LARGE if is_large else LARGEST):
            return unit
    return None


def has_usual_wet_days(rain: RainCounts) -> bool:
    """Return whether wet days are as large as usual, however many days drizzle besides.

    In another unit that makes rain small, days of 1 mm are the rare extremes, and close to it.
    """
    if rain.number(WET_MM_DAY) <= LEAST_WET_SHARE * rain.total:
        return False
    return rain.median(WET_MM_DAY) >= LEAST_WET_MEDIAN


def is_polar(lat: np.ndarray) -> bool:
    """Return whether a region lies beyond 60 degrees on average."""
    return bool(abs(float(np.nanmean(lat))) > 60.0)
