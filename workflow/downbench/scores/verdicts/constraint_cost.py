"""The third claim of experiment 2: obeying blurs a little, told by four changes with tolerances.

Each change is against the same model without, in pairs of days (see `price`). Whether there is
any blur is told by the power per octave, whether it is little by the tolerances.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from downbench.core.variables import long_name
from downbench.scores.verdicts.skill import (
    CANNOT,
    CAVEAT,
    Label,
    Verdict,
    pick,
    together,
    within,
)
from downbench.scores.verdicts.violation_rates import Case


@dataclass(frozen=True)
class Term:
    """One part of the price.

    metric : beginning of its name in the comparison, before the other model's name
    words : what it is, with the unit that `factor` gives it
    key : its tolerance among the claims
    factor : from the comparison's unit to that of the tolerance, turned so that more is worse
    both_ways : is a change for less of it as bad?
    """

    metric: str
    words: str
    unit: str
    key: str
    factor: float
    both_ways: bool


TERMS = (
    Term(
        "log_spectral_distance",
        "log-spectral distance",
        "dB",
        "log_spectral_distance_db",
        1,
        False,
    ),
    Term("p99", "P99", "%", "p99_percent", 100, True),
    Term("crps_skill", "fair CRPS", "%", "crps_percent", -100, False),
    Term("spread_skill", "spread–skill", "", "spread_skill", 1, True),
)


@dataclass(frozen=True)
class Change:
    """How one term changed for one variable, in the tolerance's unit."""

    term: Term
    variable: str
    value: float
    lower: float
    upper: float
    tolerated: float

    @property
    def label(self) -> Label:
        """Is the change little?"""
        low = -self.tolerated if self.term.both_ways else -np.inf
        return within(self.lower, self.upper, low, self.tolerated)

    @property
    def words(self) -> str:
        """The change, its interval and its tolerance for a reader."""
        numbers = _signed(self.value, self.term.unit)
        span = f"{_signed(self.lower)} to {_signed(self.upper, self.term.unit)}"
        if not np.isfinite([self.lower, self.upper]).all():
            span = "interval unknown: too few blocks of days"
        bound = f"{'±' if self.term.both_ways else '+'}{self.tolerated:g} {self.term.unit}".strip()
        return f"{self.term.words} {numbers} ({span}; little is up to {bound}): {self.label}"


def price_verdict(case: Case) -> Verdict:
    """Is what a physics-guided loss costs little? Not supported where one change is not."""
    claim = "It blurs a little, and only a little."
    pairs = [(pair["model"], pair["unconstrained"]) for pair in case.guided]
    found = {pair: list(_changes(case, *pair)) for pair in pairs}
    changes = [change for each in found.values() for change in each]
    if not changes:
        reason = "It cannot be told here: no model with a physics-guided loss takes part."
        return Verdict(CANNOT, [reason], case.comparison.iloc[:0], claim)
    label = together(change.label for change in changes)
    sentences = [
        f"{case.label(model)} against {case.label(other)}: {_conclusion(found[model, other])}"
        for model, other in pairs
    ]
    for pair in pairs:
        sentences += [*_blur(case, *pair), *_by_variable(found[pair])]

    return Verdict(label, [*sentences, CAVEAT], _numbers(case, pairs), claim)


def _changes(case: Case, model: str, other: str) -> Iterator[Change]:
    for variable in pd.unique(case.comparison["variable"].dropna()):
        for term in TERMS:
            metric = f"{term.metric}_versus_{other}"
            row = pick(case.comparison, model, variable, metric)
            if row is not None:
                ends = sorted(term.factor * row[end] for end in ("lower", "upper"))
                tolerated = float(case.claims["tolerated_degradation"][term.key])
                yield Change(term, variable, term.factor * row["value"], *ends, tolerated)


def _conclusion(changes: list[Change]) -> str:
    far = [c for c in changes if c.label == "not supported"]
    if far:
        listed = ", ".join(f"{c.term.words} of {long_name(c.variable)}" for c in far)
        return f"more than a little is lost in {listed}."
    if together(c.label for c in changes) == "supported":
        return "every change is little."
    return "no change is certainly more than little, but not all are certainly little."


def _blur(case: Case, model: str, other: str) -> Iterator[str]:
    """Where along the wavelengths power is lost or gained: the two may cancel in a mean."""
    table = case.comparison
    bands = table[
        (table["model"] == model) & (table["metric"] == f"spectral_power_band_versus_{other}")
    ]
    for variable in pd.unique(bands["variable"]):
        rows = bands[bands["variable"] == variable].sort_values("scale", ascending=False)
        seen = [
            f"{words} at {', '.join(f'{wave:.0f}' for wave in found['scale'])} km"
            for words, found in (
                ("smoother", rows[rows["upper"] < 0]),
                ("rougher", rows[rows["lower"] > 0]),
            )
            if len(found)
        ]
        waves = ", ".join(f"{wave:.0f}" for wave in rows["scale"])
        changes = ", ".join(_signed(value) for value in rows["value"])
        yield (
            f"Power of {long_name(variable)} at {waves} km: {changes} dB: "
            f"{' and '.join(seen) or 'neither smoother nor rougher'}."
        )


def _by_variable(changes: list[Change]) -> Iterator[str]:
    for variable in dict.fromkeys(change.variable for change in changes):
        words = "; ".join(change.words for change in changes if change.variable == variable)
        yield f"{long_name(variable).capitalize()}: {words}."


def _signed(value: float, unit: str = "") -> str:
    text = f"{value:+.2f}".replace("-", "−")
    return f"{text} {unit}".strip()


def _numbers(case: Case, pairs: list[tuple[str, str]]) -> pd.DataFrame:
    table = case.comparison
    told = ("spectral_power_detail", "spectral_power_band", "wet_day_frequency")
    metrics = (*(term.metric for term in TERMS), *told)
    chosen = [
        (table["model"] == model) & table["metric"].isin(f"{m}_versus_{other}" for m in metrics)
        for model, other in pairs
    ]
    rows = table[np.logical_or.reduce(chosen)]
    return rows[rows["season"] == "all"].reset_index(drop=True)
