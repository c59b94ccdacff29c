"""Verdicts on the four claims about climate models, from the table of one training driver.

1. A model trained on the training driver degrades with the raw run: its climate is further from
   the reference than with that driver, by more than the sampling of few years explains, and by
   more than a margin.
2. Bias correction of the run removes much of the bias that the run added.
3. The change signal of the raw run is preserved by bias correction and downscaling: of mean rain,
   and of the mean and 99th percentile of temperature.
4. Skill generalises to the warmest held-out years.

The distance between two climates is the Wasserstein distance of the distributions pooled over
cells. Distances of different ensembles share years, of the run and of the reference: the
intervals of their differences are those of `bias_contribution`, where years are resampled
jointly.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from downbench.core.stages import CORRECTED, RAW
from downbench.core.variables import RAIN, VARIABLES, long_name, unit_symbol
from downbench.scores.climate.driver_chain import (
    ADDED_BIAS,
    BASELINE,
    REMOVED_BIAS,
    RESIDUAL_BIAS,
)
from downbench.scores.verdicts.case_results import CaseNumber, CaseResult, summary
from downbench.scores.verdicts.climate_evidence import ClimateEstimate, ClimateEvidence
from downbench.scores.verdicts.decisions import (
    NOT_APPLICABLE,
    UNDECIDED,
    compared_with_margin,
    labels_of_parts,
    within,
)
from downbench.scores.verdicts.verdict import Verdict, combine

QUANTITIES = {RAIN: ("mean",)}
"""Quantities whose change is judged: heavy rain of a cell is not that of the coarse run, and its
signal need not agree; on the synthetic region the truth's P99 rises by more."""
DEFAULT_QUANTITIES = ("mean", "p99")
QUANTITY_WORDS = {"mean": "mean", "p99": "99th percentile"}


def verdicts(table: pd.DataFrame, experiment: Mapping[str, Any]) -> list[Verdict]:
    """Judge the four claims from the table of one training driver.

    Parameters
    ----------
    table
        Columns `driver_chain.CHAIN_COLUMNS`.
    experiment
        Section of the experiment: `transferred`, `reference_model`, `tolerances`, and `labels` of
        models if there are any.
    """
    evidence = ClimateEvidence(table, experiment)
    claims = (
        (
            "A model trained on the training driver degrades with the raw climate model.",
            "The raw run adds to the distance from the reference climate",
            _degrades,
        ),
        (
            "Bias correction of the climate model removes much of the added bias.",
            "Share of the added bias that bias correction removes",
            _bias_removed,
        ),
        (
            "The change signal is preserved.",
            "Change over the raw run's",
            _signal_preserved,
        ),
        (
            "Skill generalises to the warmest held-out years.",
            "Skill in warm years less that in the other test years",
            _generalises,
        ),
    )
    return [
        _verdict(evidence, claim, words, list(judge(evidence))) for claim, words, judge in claims
    ]


def _verdict(
    evidence: ClimateEvidence, claim: str, words: str, results: list[CaseResult]
) -> Verdict:
    labels = labels_of_parts([result.candidate for result in results])
    label = combine(labels) if labels else NOT_APPLICABLE
    sentences = [summary(results, labels, words), *(result.sentence for result in results)]
    return Verdict(label, sentences, evidence.table.iloc[:0], claim, models=tuple(evidence.models))


def _degrades(evidence: ClimateEvidence) -> Iterator[CaseResult]:
    share = evidence.tolerance("added_bias_percent")
    for run, model, variable in evidence.cases():
        raw = evidence.distance(model, variable, RAW, run)
        baseline, added = (
            evidence.bias(model, variable, run, metric) for metric in (BASELINE, ADDED_BIAS)
        )
        if baseline is None or added is None or raw is None:
            continue
        yield CaseResult(
            compared_with_margin(added, share * baseline.value),
            f"{evidence.heading(model, variable)}: distance from the reference climate "
            f"{raw.words()} {unit_symbol(variable)} under {run}, {baseline.words()} expected "
            f"without its biases; the run adds {added.words('+.3g')}.",
            CaseNumber(long_name(variable), added.value, "+.3g", unit_symbol(variable)),
        )


def _bias_removed(evidence: ClimateEvidence) -> Iterator[CaseResult]:
    for run, model, variable in evidence.cases():
        numbers = [
            *(evidence.distance(model, variable, stage, run) for stage in (RAW, CORRECTED)),
            *(
                evidence.bias(model, variable, run, metric)
                for metric in (BASELINE, ADDED_BIAS, REMOVED_BIAS, RESIDUAL_BIAS)
            ),
        ]
        if None not in numbers:
            share = evidence.tolerance("bias_removed_percent")
            yield _removal(evidence.heading(model, variable), variable, share, *numbers)


def _removal(
    heading: str,
    variable: str,
    share: float,
    raw: ClimateEstimate,
    corrected: ClimateEstimate,
    baseline: ClimateEstimate,
    added: ClimateEstimate,
    removed: ClimateEstimate,
    residual: ClimateEstimate,
) -> CaseResult:
    """Judge whether the residual lies below that left when `share` of the bias is removed."""
    if added.value <= 0:
        sentence = f"{heading}: the raw run adds no bias, nothing to correct."
        return CaseResult(UNDECIDED, sentence, CaseNumber(long_name(variable)))
    percent = 100 * removed.value / added.value
    return CaseResult(
        within(residual, -np.inf, 0),
        f"{heading}: distance {corrected.words()} after bias correction, {raw.words()} before, "
        f"{baseline.words()} at best: {percent:.0f} % of the added bias removed; relative to a "
        f"removal of {100 * share:.0f} % the distance is {residual.words('+.3g')} "
        f"{unit_symbol(variable)}.",
        CaseNumber(long_name(variable), percent, ".0f", "%"),
    )


def _signal_preserved(evidence: ClimateEvidence) -> Iterator[CaseResult]:
    share = evidence.tolerance("signal_deviation_percent")
    for run, model, variable in evidence.cases():
        intermittent = VARIABLES[variable].is_intermittent
        for quantity in QUANTITIES.get(variable, DEFAULT_QUANTITIES):
            values = {"run": run, "stage": CORRECTED, "part": "change", "variable": variable}
            ratio = evidence.estimate(model=model, metric=f"signal_ratio_{quantity}", **values)
            metric = f"{'relative_' if intermittent else ''}change_{quantity}"
            change = evidence.estimate(model=model, metric=metric, **values)
            if ratio is None or change is None:
                continue
            unit = "%" if intermittent else unit_symbol(variable)
            part = f"{long_name(variable)}, {QUANTITY_WORDS[quantity]}"
            yield CaseResult(
                within(ratio, 1 - share, 1 + share),
                f"{evidence.heading(model, variable)}, {QUANTITY_WORDS[quantity]}: change "
                f"{change.words('+.3g')} {unit}, {ratio.words('.2f')} of the raw run's.",
                CaseNumber(part, ratio.value, ".2f"),
            )


def _generalises(evidence: ClimateEvidence) -> Iterator[CaseResult]:
    points = evidence.tolerance("skill_points")
    reference = evidence.label(evidence.experiment["reference_model"])
    for model in evidence.models:
        for variable in evidence.variables:
            values = {"model": model, "variable": variable, "part": "warm"}
            test, warm, difference = (
                evidence.estimate(metric=f"crps_skill_reference_{name}", **values)
                for name in ("test", "warm", "difference")
            )
            if test is None or warm is None or difference is None:
                continue
            yield CaseResult(
                within(difference, -points, np.inf),
                f"{evidence.heading(model, variable)}: CRPS skill over {reference} "
                f"{warm.value:+.1%} in warm years, {test.value:+.1%} in the other test years, "
                f"difference {difference.words('+.1%')}.",
                CaseNumber(
                    long_name(variable), 100 * difference.value, "+.1f", "percentage points"
                ),
            )
