"""Verdict on the cost of a constraint: four changes relative to the unconstrained model.

Each change is that between the models of a pair on the same days (see `constrained_pairs`). The
power per octave shows whether there is any blur, the tolerances whether it is small.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from downbench.core.variables import long_name
from downbench.scores.verdicts.decisions import (
    NOT_APPLICABLE,
    UNKNOWN_INTERVAL,
    Candidate,
    Estimate,
    Label,
    labels_of_parts,
    within,
)
from downbench.scores.verdicts.verdict import Verdict, combine, pick
from downbench.scores.verdicts.violation_rates import PhysicsEvidence


@dataclass(frozen=True)
class CostTerm:
    """One part of the cost.

    metric : beginning of its name in the comparison, before the name of the other model
    words : its name for readers
    unit : its unit after multiplication by `factor`
    key : its tolerance among the claims
    factor : from the unit of the comparison to that of the tolerance; more is worse
    two_sided : is a decrease as bad as an increase?
    """

    metric: str
    words: str
    unit: str
    key: str
    factor: float
    two_sided: bool


TERMS = (
    CostTerm(
        "log_spectral_distance",
        "log-spectral distance",
        "dB",
        "log_spectral_distance_db",
        1,
        False,
    ),
    CostTerm("p99", "P99", "%", "p99_percent", 100, True),
    CostTerm("crps_skill", "fair CRPS", "%", "crps_percent", -100, False),
    CostTerm("spread_skill", "spread–skill", "", "spread_skill", 1, True),
)
REPORTED = ("spectral_power_detail", "spectral_power_band", "wet_day_frequency")
"""Metrics shown with the verdict that do not decide it."""


@dataclass(frozen=True)
class CostChange:
    """Change of one term for one variable, in the unit of the tolerance, and its label."""

    term: CostTerm
    variable: str
    estimate: Estimate
    tolerance: float
    label: Label = "inconclusive"

    @property
    def candidate(self) -> Candidate:
        """Is the change within the tolerance?"""
        low = -self.tolerance if self.term.two_sided else -np.inf
        return within(self.estimate, low, self.tolerance)

    @property
    def words(self) -> str:
        """The change, its interval and its tolerance for a reader."""
        value, lower, upper = self.estimate.value, self.estimate.lower, self.estimate.upper
        numbers = _signed(value, self.term.unit)
        span = f"{_signed(lower)} to {_signed(upper, self.term.unit)}"
        if not np.isfinite([lower, upper]).all():
            span = UNKNOWN_INTERVAL
        sign = "±" if self.term.two_sided else "+"
        bound = f"{sign}{self.tolerance:g} {self.term.unit}".strip()
        return f"{self.term.words} {numbers} ({span}; tolerance {bound}): {self.label}"


def cost_verdict(evidence: PhysicsEvidence) -> Verdict:
    """Judge whether the cost of a physics-guided loss is small: not if one change is large."""
    claim = "Its cost is small: it blurs within the tolerances."
    pairs = list(evidence.guided.items())
    by_pair = _judged({pair: list(_changes(evidence, *pair)) for pair in pairs})
    changes = [change for of_pair in by_pair.values() for change in of_pair]
    if not changes:
        reason = "No evidence available: no model with a physics-guided loss was scored."
        return Verdict(NOT_APPLICABLE, [reason], evidence.comparison.iloc[:0], claim)
    label = combine(change.label for change in changes)
    sentences = [
        f"{evidence.label(model)} compared with {evidence.label(base)}: "
        f"{_conclusion(by_pair[model, base])}"
        for model, base in pairs
    ]
    for pair in pairs:
        sentences += [*_blur(evidence, *pair), *_by_variable(by_pair[pair])]

    models = tuple(dict.fromkeys(name for pair in pairs for name in pair))
    return Verdict(label, sentences, _numbers(evidence, pairs), claim, models=models)


def _judged(by_pair: dict[tuple, list[CostChange]]) -> dict[tuple, list[CostChange]]:
    """Return the changes with labels, which are decided together."""
    changes = [change for of_pair in by_pair.values() for change in of_pair]
    labels = iter(labels_of_parts([change.candidate for change in changes]))
    return {
        pair: [replace(change, label=next(labels)) for change in of_pair]
        for pair, of_pair in by_pair.items()
    }


def _changes(evidence: PhysicsEvidence, model: str, base: str) -> Iterator[CostChange]:
    for variable in pd.unique(evidence.comparison["variable"].dropna()):
        for term in TERMS:
            row = pick(evidence.comparison, model, variable, f"{term.metric}_versus_{base}")
            if row is not None:
                tolerance = float(evidence.claims["tolerated_degradation"][term.key])
                yield CostChange(term, variable, Estimate.of(row, term.factor), tolerance)


def _conclusion(changes: list[CostChange]) -> str:
    large = [change for change in changes if change.label == "not supported"]
    if large:
        names = ", ".join(f"{c.term.words} of {long_name(c.variable)}" for c in large)
        return f"the tolerance is exceeded for {names}."
    if combine(change.label for change in changes) == "supported":
        return "every change is within its tolerance."
    return "no change certainly exceeds its tolerance, but not all are certainly within it."


def _blur(evidence: PhysicsEvidence, model: str, base: str) -> Iterator[str]:
    """State where along the wavelengths power is lost or gained: both may cancel in a mean."""
    table = evidence.comparison
    bands = table[
        (table["model"] == model)
        & (table["metric"] == f"spectral_power_band_versus_{base}")
        & table["value"].notna()
    ]
    for variable in pd.unique(bands["variable"]):
        rows = bands[bands["variable"] == variable].sort_values("scale", ascending=False)
        changed = [
            f"{words} at {', '.join(f'{wave:.0f}' for wave in selected['scale'])} km"
            for words, selected in (
                ("smoother", rows[rows["upper"] < 0]),
                ("rougher", rows[rows["lower"] > 0]),
            )
            if len(selected)
        ]
        waves = ", ".join(f"{wave:.0f}" for wave in rows["scale"])
        changes = ", ".join(_signed(value) for value in rows["value"])
        yield (
            f"Power of {long_name(variable)} at {waves} km: {changes} dB: "
            f"{' and '.join(changed) or 'neither smoother nor rougher'}."
        )


def _by_variable(changes: list[CostChange]) -> Iterator[str]:
    for variable in dict.fromkeys(change.variable for change in changes):
        words = "; ".join(change.words for change in changes if change.variable == variable)
        yield f"{long_name(variable).capitalize()}: {words}."


def _signed(value: float, unit: str = "") -> str:
    text = f"{value:+.2f}".replace("-", "−")
    return f"{text} {unit}".strip()


def _numbers(evidence: PhysicsEvidence, pairs: list[tuple[str, str]]) -> pd.DataFrame:
    table = evidence.comparison
    metrics = (*(term.metric for term in TERMS), *REPORTED)
    masks = [
        (table["model"] == model) & table["metric"].isin(f"{m}_versus_{base}" for m in metrics)
        for model, base in pairs
    ]
    rows = table[np.logical_or.reduce(masks)]
    return rows[rows["season"] == "all"].reset_index(drop=True)
