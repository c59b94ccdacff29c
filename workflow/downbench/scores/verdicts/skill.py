"""The verdict of an experiment about skill: supported, not supported, or inconclusive.

Hypothesis: one model, the challenger, gives better ensembles than another, its rival; the
experiment names both. The fair CRPS decides, because it rewards calibration and sharpness
together. For each variable the challenger must have a lower CRPS than its rival, and it must beat
the reference model too: one that does not has shown nothing. A paired interval that excludes zero
decides; one that holds zero decides nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from downbench.core.variables import long_name, unit_symbol

Label = Literal["supported", "not supported", "inconclusive", "cannot be told here"]

CANNOT: Label = "cannot be told here"
CAVEAT = (
    "The intervals tell how the choice of sample matters. Each model was trained once, so what "
    "another training seed would change is not in them."
)
UNASKED = (
    "No verdict: the experiment names no models to compare. Give it the keys challenger and rival "
    "in config/experiments.yaml."
)


@dataclass(frozen=True)
class Verdict:
    """What the experiment says of its hypothesis, or of one of its claims.

    label : `supported`, `not supported`, `inconclusive`, or `cannot be told here`:
        inconclusive speaks of too little data, the last of a question not asked or not answerable
    sentences : the reasons with numbers and intervals, for a reader
    numbers : the rows of the comparison that they rest on
    claim : the claim, where the hypothesis has several
    """

    label: Label
    sentences: list[str]
    numbers: pd.DataFrame = field(compare=False)
    claim: str = ""


@dataclass(frozen=True)
class Sides:
    """Who is compared with whom.

    challenger : the model that the hypothesis speaks for
    rival : the model that it is about
    reference : the model that the challenger must beat too
    labels : names for readers, of the models that have one
    """

    challenger: str
    rival: str
    reference: str
    labels: Mapping[str, str]

    @property
    def others(self) -> tuple[str, ...]:
        """Models that the challenger is measured against, each once."""
        return tuple(dict.fromkeys((self.rival, self.reference)))

    def label(self, model: str) -> str:
        """The name of a model for readers."""
        return self.labels.get(model, model)


@dataclass(frozen=True)
class Finding:
    """Skill of the challenger over one other model for one variable, with its interval."""

    variable: str
    other: str
    skill: float
    lower: float
    upper: float

    @property
    def label(self) -> Label:
        """What this comparison alone says."""
        if self.lower > 0:
            return "supported"
        return "not supported" if self.upper < 0 else "inconclusive"


def verdict(comparison: pd.DataFrame, experiment: Mapping[str, Any]) -> Verdict:
    """Judge the hypothesis from the comparison table of one training driver.

    Parameters
    ----------
    comparison
        Columns `model` and those of a score table.
    experiment
        Section of the experiment: `challenger`, `rival`, `reference_model`, and `labels` of models
        if there are any.

    Returns
    -------
    Verdict
        Not supported when any interval excludes zero on the wrong side, supported when all
        exclude it on the right side, inconclusive otherwise. Where the experiment names no
        challenger and rival, or the comparison lacks one of them, it cannot be told.
    """
    if not (experiment.get("challenger") and experiment.get("rival")):
        return Verdict(CANNOT, [UNASKED], comparison.iloc[:0])
    sides = _sides(experiment)
    variables = [str(name) for name in pd.unique(comparison["variable"].dropna())]
    found = [
        finding
        for variable in variables
        for other in sides.others
        if (finding := _finding(comparison, variable, sides.challenger, other)) is not None
    ]
    if len(found) < max(len(sides.others) * len(variables), 1):
        mine, others = sides.label(sides.challenger), " and ".join(map(sides.label, sides.others))
        missing = f"The comparison of {mine} with {others} is not complete."
        return Verdict(CANNOT, [missing], comparison.iloc[:0])
    sentences = [_conclusion(judge(found), sides)]
    sentences += [_sentence(one, comparison, sides) for one in found]
    sentences += [*_calibration(comparison, variables, sides), CAVEAT]

    return Verdict(judge(found), sentences, _numbers(comparison, sides))


def _sides(experiment: Mapping[str, Any]) -> Sides:
    names = (str(experiment[key]) for key in ("challenger", "rival", "reference_model"))
    return Sides(*names, labels=dict(experiment.get("labels") or {}))


def judge(found: list[Finding]) -> Label:
    """The label that all findings together give."""
    return together(finding.label for finding in found)


def together(labels: Iterable[Label]) -> Label:
    """One that speaks against decides; all must speak for."""
    each = set(labels)
    if "not supported" in each:
        return "not supported"

    return "supported" if each == {"supported"} else "inconclusive"


def within(lower: float, upper: float, low: float, high: float) -> Label:
    """What an interval says of the claim that the value lies from `low` to `high`."""
    if not np.isfinite([lower, upper]).all():
        return "inconclusive"
    if low <= lower and upper <= high:
        return "supported"

    return "not supported" if upper < low or lower > high else "inconclusive"


def pick(comparison: pd.DataFrame, model: str, variable: str, metric: str) -> pd.Series | None:
    """All-season row on the full grid."""
    rows = comparison[
        (comparison["model"] == model)
        & (comparison["variable"] == variable)
        & (comparison["metric"] == metric)
        & (comparison["season"] == "all")
        & (comparison["scale"].isna() | (comparison["scale"] == 1))
    ]
    return rows.iloc[0] if len(rows) and np.isfinite(rows.iloc[0]["value"]) else None


def _finding(
    comparison: pd.DataFrame, variable: str, challenger: str, other: str
) -> Finding | None:
    row = pick(comparison, challenger, variable, f"crps_skill_versus_{other}")
    if row is None:
        return None

    return Finding(variable, other, row["value"], row["lower"], row["upper"])


def _conclusion(label: Label, sides: Sides) -> str:
    challenger, rival = sides.label(sides.challenger), sides.label(sides.rival)
    others = " and than ".join(map(sides.label, sides.others))
    return {
        "supported": f"{challenger} makes better ensembles than {others}: every interval excludes "
        "zero.",
        "not supported": f"{challenger} does not make better ensembles in every respect asked: "
        "at least one interval excludes zero on the wrong side.",
        "inconclusive": f"This sample does not decide whether {challenger} makes better ensembles "
        f"than {rival}: no interval speaks against it, but not all exclude zero.",
    }[label]


def _sentence(one: Finding, comparison: pd.DataFrame, sides: Sides) -> str:
    mine, theirs = (
        pick(comparison, name, one.variable, "crps") for name in (sides.challenger, one.other)
    )
    crps = ""
    if mine is not None and theirs is not None:
        unit = unit_symbol(one.variable)
        crps = f" (fair CRPS {mine['value']:#.3g} against {theirs['value']:#.3g} {unit})"
    word = long_name(one.variable)
    name, other = sides.label(sides.challenger), sides.label(one.other)
    return (
        f"{word.capitalize()}: CRPS skill of {name} over {other} {one.skill:+.1%}, "
        f"95 % interval {_span(one)}{crps}: {one.label}."
    )


def _span(one: Finding) -> str:
    if not np.isfinite([one.lower, one.upper]).all():
        return "unknown (too few blocks)"

    return f"{one.lower:+.1%} to {one.upper:+.1%}"


def _calibration(comparison: pd.DataFrame, variables: list[str], sides: Sides) -> Iterator[str]:
    """Spread–skill of both models: told beside the verdict, which does not rest on it."""
    for variable in variables:
        rows = {
            sides.label(name): pick(comparison, name, variable, "spread_skill")
            for name in (sides.challenger, sides.rival)
        }
        said = [
            f"{row['value']:.2f} ({row['lower']:.2f} to {row['upper']:.2f}) for {label}"
            for label, row in rows.items()
            if row is not None
        ]
        if said:
            word = long_name(variable)
            yield f"Spread–skill of {word}, 1 = calibrated: {', '.join(said)}."


def _numbers(comparison: pd.DataFrame, sides: Sides) -> pd.DataFrame:
    metrics = [f"crps_skill_versus_{other}" for other in sides.others] + ["crps", "spread_skill"]
    models = (sides.challenger, *sides.others)
    chosen = comparison["model"].isin(models) & comparison["metric"].isin(metrics)

    return comparison[chosen & (comparison["season"] == "all")].reset_index(drop=True)
