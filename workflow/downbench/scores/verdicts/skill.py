"""Verdict of an experiment on skill: does one model give better ensembles than another?

The hypothesis names a challenger and a rival. The fair CRPS decides, because it rewards
calibration and sharpness together. For each variable the challenger must have a lower CRPS than
its rival, and than the reference model too: without that it has shown no skill. A paired interval
that excludes zero decides; one that contains zero decides nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from downbench.core.variables import long_name, unit_symbol
from downbench.scores.verdicts.verdict import (
    CAVEAT,
    NOT_APPLICABLE,
    Label,
    Verdict,
    combine,
    pick,
)

NO_MODELS = (
    "No verdict: the experiment names no models to compare. Set the keys challenger and rival in "
    "config/experiments.yaml."
)


@dataclass(frozen=True)
class SkillHypothesis:
    """Models of the hypothesis.

    challenger : the model expected to be better
    rival : the model that it is compared with
    reference : the model that the challenger must beat too
    labels : names for readers, of the models that have one
    """

    challenger: str
    rival: str
    reference: str
    labels: Mapping[str, str]

    @property
    def opponents(self) -> tuple[str, ...]:
        """Models that the challenger is compared with, each once."""
        return tuple(dict.fromkeys((self.rival, self.reference)))

    def label(self, model: str) -> str:
        """Return the name of a model for readers."""
        return self.labels.get(model, model)


@dataclass(frozen=True)
class SkillDifference:
    """Skill of the challenger over one opponent for one variable, with its interval [1]."""

    variable: str
    opponent: str
    skill: float
    lower: float
    upper: float

    @property
    def label(self) -> Label:
        """Label of this comparison alone."""
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
        Not supported if any interval excludes zero on the wrong side, supported if all exclude it
        on the right side, inconclusive otherwise. Not applicable if the experiment names no
        challenger and rival, or the comparison lacks one of them.
    """
    if not (experiment.get("challenger") and experiment.get("rival")):
        return Verdict(NOT_APPLICABLE, [NO_MODELS], comparison.iloc[:0])
    hypothesis = _hypothesis(experiment)
    variables = [str(name) for name in pd.unique(comparison["variable"].dropna())]
    differences = [
        difference
        for variable in variables
        for opponent in hypothesis.opponents
        if (difference := _difference(comparison, variable, hypothesis, opponent)) is not None
    ]
    if len(differences) < max(len(hypothesis.opponents) * len(variables), 1):
        opponents = " and ".join(map(hypothesis.label, hypothesis.opponents))
        challenger = hypothesis.label(hypothesis.challenger)
        missing = f"The comparison of {challenger} with {opponents} is not complete."
        return Verdict(NOT_APPLICABLE, [missing], comparison.iloc[:0])
    label = combine(difference.label for difference in differences)
    sentences = [_conclusion(label, hypothesis)]
    sentences += [_sentence(difference, comparison, hypothesis) for difference in differences]
    sentences += [*_calibration(comparison, variables, hypothesis), CAVEAT]

    return Verdict(label, sentences, _numbers(comparison, hypothesis))


def _hypothesis(experiment: Mapping[str, Any]) -> SkillHypothesis:
    names = (str(experiment[key]) for key in ("challenger", "rival", "reference_model"))
    return SkillHypothesis(*names, labels=dict(experiment.get("labels") or {}))


def _difference(
    comparison: pd.DataFrame, variable: str, hypothesis: SkillHypothesis, opponent: str
) -> SkillDifference | None:
    row = pick(comparison, hypothesis.challenger, variable, f"crps_skill_versus_{opponent}")
    if row is None:
        return None

    return SkillDifference(variable, opponent, row["value"], row["lower"], row["upper"])


def _conclusion(label: Label, hypothesis: SkillHypothesis) -> str:
    challenger = hypothesis.label(hypothesis.challenger)
    rival = hypothesis.label(hypothesis.rival)
    opponents = " and than ".join(map(hypothesis.label, hypothesis.opponents))
    return {
        "supported": f"{challenger} gives better ensembles than {opponents}: every interval "
        "excludes zero.",
        "not supported": f"{challenger} does not give better ensembles in every comparison: at "
        "least one interval excludes zero on the wrong side.",
        "inconclusive": f"This sample does not decide whether {challenger} gives better ensembles "
        f"than {rival}: no interval contradicts it, but not all exclude zero.",
    }[label]


def _sentence(
    difference: SkillDifference, comparison: pd.DataFrame, hypothesis: SkillHypothesis
) -> str:
    variable, opponent = difference.variable, hypothesis.label(difference.opponent)
    rows = [
        pick(comparison, name, variable, "crps")
        for name in (hypothesis.challenger, difference.opponent)
    ]
    crps = ""
    if all(row is not None for row in rows):
        challenger, compared = (f"{row['value']:#.3g}" for row in rows)
        crps = f" (fair CRPS {challenger} against {compared} {unit_symbol(variable)})"
    return (
        f"{long_name(variable).capitalize()}: CRPS skill of "
        f"{hypothesis.label(hypothesis.challenger)} over {opponent} {difference.skill:+.1%}, "
        f"95 % interval {_span(difference)}{crps}: {difference.label}."
    )


def _span(difference: SkillDifference) -> str:
    if not np.isfinite([difference.lower, difference.upper]).all():
        return "unknown (too few blocks)"

    return f"{difference.lower:+.1%} to {difference.upper:+.1%}"


def _calibration(
    comparison: pd.DataFrame, variables: list[str], hypothesis: SkillHypothesis
) -> Iterator[str]:
    """Report spread–skill of both models, on which the verdict does not depend."""
    for variable in variables:
        rows = {
            hypothesis.label(name): pick(comparison, name, variable, "spread_skill")
            for name in (hypothesis.challenger, hypothesis.rival)
        }
        ratios = [
            f"{row['value']:.2f} ({row['lower']:.2f} to {row['upper']:.2f}) for {label}"
            for label, row in rows.items()
            if row is not None
        ]
        if ratios:
            yield f"Spread–skill of {long_name(variable)}, 1 = calibrated: {', '.join(ratios)}."


def _numbers(comparison: pd.DataFrame, hypothesis: SkillHypothesis) -> pd.DataFrame:
    opponents = hypothesis.opponents
    metrics = [f"crps_skill_versus_{name}" for name in opponents] + ["crps", "spread_skill"]
    models = (hypothesis.challenger, *opponents)
    rows = comparison["model"].isin(models) & comparison["metric"].isin(metrics)

    return comparison[rows & (comparison["season"] == "all")].reset_index(drop=True)
