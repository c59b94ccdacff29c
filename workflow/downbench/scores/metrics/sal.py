"""Structure, amplitude and location of rain in single members (Wernli et al. 2008).

The three compare each member with the reference of the day. They are no proper scores: members
that are as different from the reference as another outcome would be have a mean S and A of 0, but
neither a mean |S| and |A| nor an L of 0.
"""

from collections.abc import Iterator

import numpy as np

from downbench.scores.context import Context
from downbench.scores.metric import Metric
from downbench.scores.paired_fields import PairedFields
from downbench.scores.rain_objects import RainFeatures, rain_features
from downbench.scores.statistics import Means, Statistic, Statistics
from downbench.scores.table import Row

POSITION = 88
MOST_MEMBERS = 8
"""So many members are looked at, evenly spaced among all: objects are slow to find."""

STRUCTURE = Metric(
    name="sal_structure",
    unit="1",
    best="zero",
    meaning="S of SAL: above 0 the rain objects of members are larger and flatter than the "
    "reference's, below 0 smaller and more peaked.",
    definition="Mean over days and at most 8 members of 2 (V−V_ref) / (V+V_ref), V: mean over "
    "objects of their rain over their peak, weighted by their rain; objects: cells that share "
    "edges, at or above 1/15 of the field's 95th percentile of rain ≥ 0.1 mm day⁻¹.",
    lower_bound=-2,
    upper_bound=2,
)
STRUCTURE_ABSOLUTE = Metric(
    name="sal_structure_absolute",
    unit="1",
    best="none",
    meaning="Mean absolute S of SAL. Above 0 for another outcome of the same day, too.",
    lower_bound=0,
    upper_bound=2,
)
AMPLITUDE = Metric(
    name="sal_amplitude",
    unit="1",
    best="zero",
    meaning="A of SAL: above 0 members have more rain than the reference, below 0 less.",
    definition="Mean of 2 (D−D_ref) / (D+D_ref), D: mean rain of a day.",
    lower_bound=-2,
    upper_bound=2,
)
AMPLITUDE_ABSOLUTE = Metric(
    name="sal_amplitude_absolute",
    unit="1",
    best="none",
    meaning="Mean absolute A of SAL.",
    lower_bound=0,
    upper_bound=2,
)
LOCATION = Metric(
    name="sal_location",
    unit="1",
    best="none",
    meaning="L of SAL: distance of the centres of rain, and difference of the scatter of objects "
    "about them. Above 0 for another outcome of the same day, too.",
    definition="Mean of |c−c_ref|/d + 2|r−r_ref|/d, c: centre of mass, r: mean distance of "
    "objects from it, weighted by their rain, d: diagonal of the grid.",
    lower_bound=0,
    upper_bound=2,
)
METRICS = (STRUCTURE, STRUCTURE_ABSOLUTE, AMPLITUDE, AMPLITUDE_ABSOLUTE, LOCATION)


def daily(fine: PairedFields, context: Context) -> Statistics:
    """Daily sums over members of S, |S|, A, |A| and L, where they are defined."""
    if not context.is_intermittent:
        return {}
    picked = np.linspace(0, fine.size - 1, min(fine.size, MOST_MEMBERS)).astype(int)
    members = fine.members[:, picked]
    days, count = members.shape[:2]
    values = sal(
        rain_features(members.reshape(-1, *members.shape[2:]), fine.weight.repeat(count, axis=0)),
        _repeated(rain_features(fine.reference, fine.weight), count),
        float(np.hypot(*fine.reference.shape[1:])),
    ).reshape(days, count, -1)
    area = fine.weight.sum(axis=(1, 2), dtype=np.float64)[:, None] / count

    return {
        "sal": Statistic(np.nansum(values, axis=1) * area, np.isfinite(values).sum(axis=1) * area)
    }


def sal(member: RainFeatures, reference: RainFeatures, diagonal: float) -> np.ndarray:
    """S, |S|, A, |A| and L of pairs of fields, (field, 5); NaN where one lacks rain."""
    with np.errstate(invalid="ignore", divide="ignore"):
        structure = _contrast(member.volume, reference.volume)
        amplitude = _contrast(member.amount, reference.amount)
    shift = np.hypot(*(member.centre - reference.centre).T)
    location = (shift + 2 * np.abs(member.scatter - reference.scatter)) / diagonal

    return np.stack([structure, abs(structure), amplitude, abs(amplitude), location], axis=1)


def _contrast(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return 2 * (first - second) / (first + second)


def _repeated(features: RainFeatures, count: int) -> RainFeatures:
    return RainFeatures(*(np.repeat(values, count, axis=0) for values in vars(features).values()))


def rows(means: Means, context: Context) -> Iterator[Row]:
    """The five numbers; NaN without a day on which both have rain."""
    for column, metric in enumerate(METRICS if context.is_intermittent else ()):
        yield metric.row(means["sal"][:, column])
