"""From an estimate with an interval to a decision, and decisions of several tests together.

A test has one candidate decision, which follows from its estimate, and a level: the smallest
two-sided level at which the interval allows that decision alone. The interval of a table is
rescaled to other levels like Student's, with one degree of freedom less than blocks: tails of
some hundred replicates are too thin for levels of a thousandth. Holm's method then corrects the
levels for the number of tests.

References
----------
Holm, S. (1979): A simple sequentially rejective multiple test procedure. Scandinavian Journal of
Statistics 6, 65–70.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy.special import ndtr, ndtri, stdtr, stdtrit

Label = Literal["supported", "not supported", "equivalent", "inconclusive", "not applicable"]

NOT_APPLICABLE: Label = "not applicable"
UNKNOWN_INTERVAL = "interval unknown: too few blocks"
LEVEL = 0.05
"""Probability of a wrong decision in a family of tests."""


@dataclass(frozen=True)
class Estimate:
    """A number with its interval, of some confidence, from a bootstrap over blocks."""

    value: float
    lower: float
    upper: float
    blocks: float = np.inf
    confidence: float = 0.95

    @classmethod
    def of(cls, row: Mapping[str, Any], factor: float = 1.0) -> "Estimate":
        """Return a row of a table of scores times a factor, which may be negative."""
        lower, upper = sorted(factor * float(row[end]) for end in ("lower", "upper"))
        blocks, confidence = (row.get(key, np.nan) for key in ("blocks", "confidence"))
        return cls(
            factor * float(row["value"]),
            lower,
            upper,
            float(blocks) if np.isfinite(blocks) else np.inf,
            float(confidence) if np.isfinite(confidence) else 0.95,
        )

    def span(self, form: str) -> str:
        """Return the ends of the interval for a reader, or that they are unknown."""
        if not np.isfinite([self.lower, self.upper]).all():
            return UNKNOWN_INTERVAL
        return f"{self.lower:{form}} to {self.upper:{form}}"

    def level(self, bound: float) -> float:
        """Return the two-sided level of the interval that ends at `bound`; 1 if undefined."""
        width = self.value - self.lower if bound < self.value else self.upper - self.value
        distance = abs(bound - self.value)
        if not np.isfinite([self.value, width]).all():
            return 1.0
        if width <= 0:
            return 0.0 if distance > 0 else 1.0
        return 2 * self._tail(distance / width * self._quantile(1 - self.confidence))

    def reach(self, level: float) -> float:
        """Return the longer half of the interval of another two-sided level."""
        longer = max(self.upper - self.value, self.value - self.lower)
        return longer * self._quantile(level) / self._quantile(1 - self.confidence)

    def _quantile(self, level: float) -> float:
        share = 1 - level / 2
        return float(ndtri(share) if np.isinf(self.blocks) else stdtrit(self.blocks - 1, share))

    def _tail(self, distance: float) -> float:
        return float(
            ndtr(-distance) if np.isinf(self.blocks) else stdtr(self.blocks - 1, -distance)
        )


@dataclass(frozen=True)
class Candidate:
    """The decision that an estimate suggests, and the level at which it is taken."""

    label: Label
    level: float


UNDECIDED = Candidate("inconclusive", 1.0)


def compared_with_margin(estimate: Estimate, margin: float) -> Candidate:
    """Judge a difference that is positive where the claim is right.

    Supported (not supported): the interval excludes zero, and the estimate is at least the margin
    above (below) it. Equivalent: the interval lies inside ± margin.
    """
    if not np.isfinite(estimate.value):
        return UNDECIDED
    if abs(estimate.value) < margin:
        return Candidate("equivalent", max(map(estimate.level, (-margin, margin))))

    return Candidate("supported" if estimate.value > 0 else "not supported", estimate.level(0))


def within(estimate: Estimate, low: float, high: float) -> Candidate:
    """Judge the claim that a value lies from `low` to `high`, which may be infinite."""
    if not np.isfinite(estimate.value):
        return UNDECIDED
    ends = [end for end in (low, high) if np.isfinite(end)]
    if low <= estimate.value <= high:
        return Candidate("supported", max(map(estimate.level, ends)))

    return Candidate("not supported", estimate.level(low if estimate.value < low else high))


def holm(levels: Sequence[float]) -> list[float]:
    """Return levels corrected for their number, in the order given."""
    order = np.argsort(levels, kind="stable")
    factors = len(levels) - np.arange(len(levels))
    adjusted = np.empty(len(levels))
    adjusted[order] = np.maximum.accumulate(factors * np.asarray(levels)[order])

    return [float(level) for level in np.minimum(adjusted, 1)]


def labels_of_parts(candidates: Sequence[Candidate]) -> list[Label]:
    """Return the labels of the parts of a claim that is supported only if all of them are.

    Being supported takes no correction, as it needs every part; being refuted does, as one part is
    enough.
    """
    adjusted = holm([candidate.level for candidate in candidates])
    levels = (
        candidate.level if candidate.label == "supported" else corrected
        for candidate, corrected in zip(candidates, adjusted, strict=True)
    )
    return [
        candidate.label if level <= LEVEL else "inconclusive"
        for candidate, level in zip(candidates, levels, strict=True)
    ]
