"""Verdicts on the claims about two models: the challenger and the rival of an experiment.

Each claim favours one of them and names the scores that decide, each with a margin of relevance.
For one variable a claim is supported if the favoured model is better by at least one score and
worse by none; the claim as stated needs that for every variable. All tests of an experiment are
corrected together for their number.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from downbench.core.config.experiment.paired_claims import PairedClaim
from downbench.core.variables import long_name
from downbench.scores.metrics.ranks import RANK_DEVIATION
from downbench.scores.verdicts.decisions import LEVEL, NOT_APPLICABLE, Estimate, Label, within
from downbench.scores.verdicts.paired_tests import PairedTest, paired_tests
from downbench.scores.verdicts.verdict import Verdict, combine, pick

NO_MODELS = (
    "No verdict: the experiment names no models to compare. Set the keys challenger, rival and "
    "paired_claims in config/experiments.yaml."
)


def verdicts(comparison: pd.DataFrame, experiment: Mapping[str, Any]) -> list[Verdict]:
    """Judge each claim from the comparison table of one training driver.

    Parameters
    ----------
    comparison
        Columns `model` and those of a score table, and what the intervals of pairs rest on.
    experiment
        Section of the experiment: `challenger`, `rival`, `paired_claims`, and `labels` of models
        if there are any.

    Returns
    -------
    list of Verdict
        Not applicable if the experiment names no models and claims, or the comparison lacks a
        score.
    """
    claims = [PairedClaim.model_validate(claim) for claim in experiment.get("paired_claims", ())]
    if not claims:
        return [Verdict(NOT_APPLICABLE, [NO_MODELS], comparison.iloc[:0])]
    pair = str(experiment["challenger"]), str(experiment["rival"])
    labels = experiment.get("labels") or {}
    names = {role: labels.get(m, m) for role, m in zip(("challenger", "rival"), pair, strict=True)}
    return [
        _verdict(comparison, claim, pair, names, tests)
        for claim, tests in zip(claims, paired_tests(comparison, claims, *pair), strict=True)
    ]


def _verdict(
    comparison: pd.DataFrame,
    claim: PairedClaim,
    pair: tuple[str, str],
    names: Mapping[str, str],
    tests: tuple[PairedTest, ...],
) -> Verdict:
    statement, nothing = claim.statement.format(**names), comparison.iloc[:0]
    if not tests:
        missing = f"The comparison of {names['challenger']} with {names['rival']} is not complete."
        return Verdict(NOT_APPLICABLE, [missing], nothing, statement, models=pair)
    by_variable = {
        variable: [test for test in tests if test.variable == variable]
        for variable in dict.fromkeys(test.variable for test in tests)
    }
    label = combine(_label_of_variable(tests) for tests in by_variable.values())
    parts = "; ".join(f"{long_name(v)}: {_outcome(tests)}" for v, tests in by_variable.items())
    sentences = [f"{parts[0].upper()}{parts[1:]}."]
    if claim.most_rank_deviation_percent is not None:
        favoured = int(claim.favours_rival)
        name = names["rival" if claim.favours_rival else "challenger"]
        limit = claim.most_rank_deviation_percent / 100
        flat, remarks = _flatness(comparison, pair[favoured], by_variable, limit)
        label = flat if label == "supported" else label
        sentences += [f"Ranks of {name}: {'; '.join(remarks)}."]

    return Verdict(label, sentences, nothing, statement, tests, pair)


def _label_of_variable(tests: Sequence[PairedTest]) -> Label:
    """Return the label of the claim for one variable: several scores of the same quality."""
    labels = {test.label for test in tests}
    if "not supported" in labels:
        return "not supported"
    if labels == {"equivalent"}:
        return "equivalent"
    no_worse = all(test.label != "inconclusive" or test.is_no_worse for test in tests)

    return "supported" if "supported" in labels and no_worse else "inconclusive"


def _outcome(tests: Sequence[PairedTest]) -> str:
    """Say how the tests of one variable ended."""
    label = _label_of_variable(tests)
    if label == "supported":
        better = sum(test.label == "supported" for test in tests)
        return "better" if len(tests) == 1 else f"better by {better} of {len(tests)} scores"
    if label == "not supported":
        worse = [_plain(test) for test in tests if test.label == "not supported"]
        return f"worse by {' and '.join(worse)}"
    if label == "equivalent":
        return "equivalent"

    return f"undecided ({_needed([test for test in tests if test.label == 'inconclusive'])})"


def _plain(test: PairedTest) -> str:
    """Return the name of a score without a comma, for lists of scores."""
    return test.name.replace(", ", " of ")


def _needed(tests: Sequence[PairedTest]) -> str:
    """Say which difference an undecided test would have needed."""
    needed = [
        f"{test.words(test.detectable, sign=False)} in {_plain(test)}"
        for test in tests
        if np.isfinite(test.detectable)
    ]
    if not needed:
        return "too few blocks of {day}s"

    return f"needs a difference of at least {', '.join(needed)}"


def _flatness(
    comparison: pd.DataFrame, model: str, variables: Mapping[str, Any], limit: float
) -> tuple[Label, list[str]]:
    """Judge whether an ensemble may be called calibrated: are its ranks flat?"""
    labels, remarks = [], []
    for variable in variables:
        row = pick(comparison, model, variable, RANK_DEVIATION.name)
        if row is None:
            labels.append("inconclusive")
            remarks.append(f"{long_name(variable)} unknown")
            continue
        estimate = Estimate.of(row, 100)
        candidate = within(estimate, -np.inf, 100 * limit)
        labels.append(candidate.label if candidate.level <= LEVEL else "inconclusive")
        remarks.append(
            f"{long_name(variable)} {estimate.value:.1f} % not flat "
            f"({estimate.span('.1f')}; at most {100 * limit:g})"
        )

    return combine(labels), remarks
