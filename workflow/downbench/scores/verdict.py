"""The verdict of experiment 1: supported, not supported, or underpowered.

Hypothesis: a generative model gives better ensembles than a Bayesian UNet. The fair CRPS decides,
because it rewards calibration and sharpness together. For each variable the generative model must
have a lower CRPS than the Bayesian one, and it must beat the dressed reference too: a generative
model that does not has shown nothing. A paired interval that excludes zero decides; one that
holds zero decides nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

Label = Literal["supported", "not supported", "underpowered", "cannot be told here"]

CANNOT: Label = "cannot be told here"
CHALLENGER, RIVAL = "corrdiff", "bnn-dropout"
UNITS = {"pr": "mm day⁻¹", "tasmax": "K", "tas": "K"}
CAVEAT = (
    "The intervals tell how the choice of sample matters. Each model was trained once, so what "
    "another training seed would change is not in them."
)
WORDS = {"pr": "rain", "tasmax": "daily maximum temperature", "tas": "daily mean temperature"}


@dataclass(frozen=True)
class Verdict:
    """What the experiment says of its hypothesis, or of one of its claims.

    label : `supported`, `not supported`, `underpowered` or, for a claim, `cannot be told here`
    sentences : the reasons with numbers and intervals, for a reader
    numbers : the rows of the comparison that they rest on
    claim : the claim, where the hypothesis has several
    """

    label: Label
    sentences: list[str]
    numbers: pd.DataFrame = field(compare=False)
    claim: str = ""


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
        return "not supported" if self.upper < 0 else "underpowered"


def verdict(comparison: pd.DataFrame, experiment: Mapping[str, Any]) -> Verdict:
    """Judge the hypothesis from the comparison table of one lane.

    Parameters
    ----------
    comparison
        Columns `model` and those of a score table.
    experiment
        Section of the experiment: `reference_model`, and `labels` of models if there are any.

    Returns
    -------
    Verdict
        Not supported when any interval excludes zero on the wrong side, supported when all
        exclude it on the right side, underpowered otherwise.
    """
    labels = {CHALLENGER: CHALLENGER, RIVAL: RIVAL} | dict(experiment.get("labels") or {})
    others = (RIVAL, str(experiment["reference_model"]))
    variables = [str(name) for name in pd.unique(comparison["variable"].dropna())]
    found = [
        finding
        for variable in variables
        for other in others
        if (finding := _finding(comparison, variable, other)) is not None
    ]
    if len(found) < max(2 * len(variables), 1):
        missing = f"The comparison of {CHALLENGER} with {' and '.join(others)} is not complete."
        return Verdict("underpowered", [missing], comparison.iloc[:0])
    sentences = [_conclusion(judge(found), labels)]
    sentences += [_sentence(one, comparison, labels) for one in found]
    sentences += [*_calibration(comparison, variables, labels), CAVEAT]

    return Verdict(judge(found), sentences, _numbers(comparison, others))


def judge(found: list[Finding]) -> Label:
    """The label that all findings together give."""
    return together(finding.label for finding in found)


def together(labels: Iterable[Label]) -> Label:
    """One that speaks against decides; all must speak for."""
    each = set(labels)
    if "not supported" in each:
        return "not supported"

    return "supported" if each == {"supported"} else "underpowered"


def within(lower: float, upper: float, low: float, high: float) -> Label:
    """What an interval says of the claim that the value lies from `low` to `high`."""
    if not np.isfinite([lower, upper]).all():
        return "underpowered"
    if low <= lower and upper <= high:
        return "supported"

    return "not supported" if upper < low or lower > high else "underpowered"


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


def _finding(comparison: pd.DataFrame, variable: str, other: str) -> Finding | None:
    row = pick(comparison, CHALLENGER, variable, f"crps_skill_versus_{other}")
    if row is None:
        return None

    return Finding(variable, other, row["value"], row["lower"], row["upper"])


def _conclusion(label: Label, labels: Mapping[str, str]) -> str:
    challenger, rival = labels[CHALLENGER], labels[RIVAL]
    return {
        "supported": f"{challenger} makes better ensembles than {rival} and than the dressed "
        "reference: every interval excludes zero.",
        "not supported": f"{challenger} does not make better ensembles in every respect asked: "
        "at least one interval excludes zero on the wrong side.",
        "underpowered": f"This sample does not decide whether {challenger} makes better ensembles "
        f"than {rival}: no interval speaks against it, but not all exclude zero.",
    }[label]


def _sentence(one: Finding, comparison: pd.DataFrame, labels: Mapping[str, str]) -> str:
    mine, theirs = (
        pick(comparison, name, one.variable, "crps") for name in (CHALLENGER, one.other)
    )
    crps = ""
    if mine is not None and theirs is not None:
        unit = UNITS.get(one.variable, "")
        crps = f" (fair CRPS {mine['value']:#.3g} against {theirs['value']:#.3g} {unit})"
    word = WORDS.get(one.variable, one.variable)
    name, other = labels[CHALLENGER], labels.get(one.other, one.other)
    return (
        f"{word.capitalize()}: CRPS skill of {name} over {other} {one.skill:+.1%}, "
        f"95 % interval {_span(one)}{crps}: {one.label}."
    )


def _span(one: Finding) -> str:
    if not np.isfinite([one.lower, one.upper]).all():
        return "unknown (too few blocks)"

    return f"{one.lower:+.1%} to {one.upper:+.1%}"


def _calibration(
    comparison: pd.DataFrame, variables: list[str], labels: Mapping[str, str]
) -> Iterator[str]:
    """Spread–skill of both models: told beside the verdict, which does not rest on it."""
    for variable in variables:
        rows = {
            name: pick(comparison, name, variable, "spread_skill") for name in (CHALLENGER, RIVAL)
        }
        said = [
            f"{row['value']:.2f} ({row['lower']:.2f} to {row['upper']:.2f}) for {labels[name]}"
            for name, row in rows.items()
            if row is not None
        ]
        if said:
            word = WORDS.get(variable, variable)
            yield f"Spread–skill of {word}, 1 = calibrated: {', '.join(said)}."


def _numbers(comparison: pd.DataFrame, others: tuple[str, ...]) -> pd.DataFrame:
    metrics = [f"crps_skill_versus_{other}" for other in others] + ["crps", "spread_skill"]
    chosen = comparison["model"].isin((CHALLENGER, *others)) & comparison["metric"].isin(metrics)

    return comparison[chosen & (comparison["season"] == "all")].reset_index(drop=True)
