"""Is a series as large as its partner? Wrong units and means of hours show by their size."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from downbench.core.contract_values import RAIN_MM_DAY
from downbench.core.variable import Variable
from downbench.core.variables import variable

REASONS = {
    10: "a decimal prefix?",
    24: "a mean of hours for the sum of a day, or the reverse?",
    100: "per cent for a fraction, or centimetres?",
    1000: "metres for millimetres, or grams for kilograms?",
    86400: "a rate per second for a sum of the day?",
}
CHECK = "size"
FEWEST_WET_DAYS = 30
NEAR = 1.6
"""Ratio within which a factor explains a size."""


@dataclass(frozen=True)
class SizeLimits:
    """Largest ratio of two means [1], and largest difference of temperature [K]."""

    factor: float
    difference_k: float


PAIRED = SizeLimits(4.0, 20.0)
FREE = SizeLimits(10.0, 30.0)
"""For series with weather of their own, and biases."""


def problem(name: str, mean: float, partner: float, limits: SizeLimits) -> str:
    """Return what is wrong with the size of a mean against its partner's; empty if nothing.

    Parameters
    ----------
    name
        Variable.
    mean, partner
        Of the same days and cells, in the variable's unit; see `magnitude`.
    limits
        What still passes.
    """
    row = variable(name)
    if not np.isfinite([mean, partner]).all():
        return ""
    if _is_offset(row):
        return _difference(row, mean, partner, limits)
    floor = row.smallest_bandwidth or 0.0
    ratio = (abs(mean) + floor) / max(abs(partner) + floor, 1e-30)
    if 1 / limits.factor <= ratio <= limits.factor:
        return ""
    low, high = sorted((abs(mean), abs(partner)))
    times, word = high / max(low, 1e-30), "large" if ratio > 1 else "small"
    return (
        f"{name} is about {times:.3g} times too {word} (mean {mean:.3g} against {partner:.3g} "
        f"{row.units} of the target){_reason(times)}: fix `units:`, or the sums of the file"
    )


def listing(name: str, mean: float, partner: float) -> str:
    """Return both means with their ratio, or their difference for temperature, as text."""
    row = variable(name)
    text = f"mean {mean:.4g}, target {partner:.4g} {row.units}"
    if _is_offset(row):
        return f"{text}, difference {mean - partner:+.2f} {row.units}"
    return f"{text}, ratio {mean / partner:.2f}" if partner else text


def spread(name: str, means: Mapping[str, tuple[float, float]]) -> str:
    """Return the least and the largest ratio, or difference, of means and their partners."""
    row = variable(name)
    if _is_offset(row):
        words, form, units = "differences", "+.2f", f" {row.units}"
        sizes = {place: mean - partner for place, (mean, partner) in means.items()}
    else:
        words, form, units = "ratios", ".2f", ""
        sizes = {place: mean / partner for place, (mean, partner) in means.items() if partner}
    if not sizes:
        return "no ratio: the target has means of zero"
    ends = min(sizes, key=sizes.get), max(sizes, key=sizes.get)
    low, high = (f"{sizes[place]:{form}}{units} ({place})" for place in ends)
    return f"{words} from {low} to {high}"


def passing(name: str, limits: SizeLimits) -> str:
    """Return as text which sizes pass."""
    if _is_offset(variable(name)):
        return f"difference within ±{limits.difference_k:g} K"
    return f"ratio {1 / limits.factor:g} … {limits.factor:g}"


def has_few_wet_days(name: str, *series: np.ndarray) -> bool:
    """Return whether rain falls on so few days of each series that means differ by chance.

    Parameters
    ----------
    name
        Variable.
    series : (time, …)
        In the variable's unit; NaN where missing.
    """
    wet = [(v >= RAIN_MM_DAY).any(axis=tuple(range(1, v.ndim))).sum() for v in series]
    return variable(name).is_intermittent and max(wet) < FEWEST_WET_DAYS


def magnitude(name: str, values: np.ndarray) -> float:
    """Return the mean size of values: the root mean square where both signs are usual."""
    row = variable(name)
    if row.low < 0 and row.quantity == "wind":
        return float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))
    return float(np.mean(values, dtype=np.float64))


def _is_offset(row: Variable) -> bool:
    """Return whether zero of the unit is far from all values, so that ratios say nothing."""
    return row.quantity == "temperature"


def _difference(row: Variable, mean: float, partner: float, limits: SizeLimits) -> str:
    if abs(mean - partner) <= limits.difference_k:
        return ""
    return (
        f"{row.name} is {mean - partner:+.1f} K from the target (mean {mean:.1f} against "
        f"{partner:.1f} K): fix `units:`, or take a file of the same area and season"
    )


def _reason(times: float) -> str:
    for factor, words in REASONS.items():
        if factor / NEAR < times < factor * NEAR:
            return f", {words}"
    return ""
