"""Verdicts of an experiment on physical constraints, one for each of its claims.

1. Unconstrained generative models violate physical laws in a stated share of cells.
2. A physics-guided loss reduces that to less than a stated share.
3. The cost of the constraint is small: spectral distance, heavy rain, CRPS and spread–skill change
   by no more than stated, relative to the unconstrained model.

A claim is supported if the whole interval lies where the claim states, not supported if it lies
entirely outside, and inconclusive otherwise. It is not applicable if the reference itself
violates as often as the claims state, or if the rates were not measured.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from downbench.core.variables import RAIN
from downbench.scores.verdicts.constraint_cost import cost_verdict
from downbench.scores.verdicts.decisions import NOT_APPLICABLE, Label, labels_of_parts, within
from downbench.scores.verdicts.verdict import Verdict, combine
from downbench.scores.verdicts.violation_rates import (
    FLOORS,
    MASS_RATE,
    PhysicsEvidence,
    RateEstimate,
    ViolationRate,
    choose,
)

BY_CONSTRUCTION = (
    "The zero of a hard layer is by construction: it shows that the layer works, and is no skill."
)


def verdicts(
    comparison: pd.DataFrame, experiment: Mapping[str, Any], laws: Mapping[str, Any]
) -> list[Verdict]:
    """Judge the three claims from the comparison table of one training driver.

    Parameters
    ----------
    comparison
        Columns `model` and those of a score table, with the rows of `check_physics`.
    experiment
        Section of the experiment: `models`, `claims`, `constrained_models`, and `labels` if there
        are any.
    laws
        Section `evaluation.physics`: the tolerances.
    """
    evidence = PhysicsEvidence(comparison, experiment, laws)
    rate, remarks = choose(evidence)
    return [
        _unconstrained_claim(evidence, rate, remarks),
        _guided_claim(evidence, rate, remarks),
        cost_verdict(evidence),
    ]


def _unconstrained_claim(
    evidence: PhysicsEvidence, rate: ViolationRate | None, remarks: list[str]
) -> Verdict:
    low, high = evidence.claims["unconstrained_percent"]
    claim = f"Unconstrained generative models violate physics in {low:g}–{high:g} % of cells."
    rates = _rates(evidence, rate, evidence.claims["models"])
    if rate is None or not rates:
        return _not_applicable(evidence, claim, remarks)
    label = _label(rates, low, high)
    sentences = [
        f"{evidence.label(name)}: in {value.words} of {rate.words}; claimed: {low:g}–{high:g} %."
        for name, value in rates.items()
    ]
    rest = dict.fromkeys(
        pair["unconstrained"] for pair in evidence.pairs if pair["unconstrained"] not in rates
    )
    sentences += [*_tolerance_and_floors(evidence, rate), *_by_tolerance(evidence, rate, rates)]
    sentences += [*remarks, *_listed(evidence, rate, "Other unconstrained models", rest)]

    return Verdict(label, sentences, _numbers(evidence, rate), claim, models=tuple(rates))


def _guided_claim(
    evidence: PhysicsEvidence, rate: ViolationRate | None, remarks: list[str]
) -> Verdict:
    limit = evidence.claims["guided_percent"]
    claim = f"A physics-guided loss reduces that to under {limit:g} %."
    guided = evidence.guided
    rates = _rates(evidence, rate, guided)
    if rate is None or not rates:
        return _not_applicable(evidence, claim, remarks)
    label = _label(rates, -np.inf, limit)
    sentences = [
        f"{evidence.label(name)}: in {value.words} of {rate.words}, compared with "
        f"{_words(evidence, rate, guided[name])} for {evidence.label(guided[name])}; claimed: "
        f"less than {limit:g} %."
        for name, value in rates.items()
    ]
    rest = [pair["model"] for pair in evidence.pairs if pair["model"] not in rates]
    sentences += [*_tolerance_and_floors(evidence, rate), *_by_tolerance(evidence, rate, rates)]
    sentences += _mass(evidence, rate, {**rates, **dict.fromkeys(guided.values())})
    sentences += [*_other_methods(evidence, rate, rest), BY_CONSTRUCTION]

    return Verdict(label, sentences, _numbers(evidence, rate), claim, models=tuple(rates))


def _rates(
    evidence: PhysicsEvidence, rate: ViolationRate | None, models: Iterable[str]
) -> dict[str, RateEstimate]:
    """Return the rates of the models that have one."""
    if rate is None:
        return {}
    estimates = {name: evidence.rate(name, rate) for name in models}
    return {name: estimate for name, estimate in estimates.items() if estimate is not None}


def _label(rates: Mapping[str, RateEstimate], low: float, high: float) -> Label:
    """Return the label of the claim that every rate lies from `low` to `high` [percent]."""
    return combine(labels_of_parts([within(value, low, high) for value in rates.values()]))


def _words(evidence: PhysicsEvidence, rate: ViolationRate, model: str) -> str:
    estimate = evidence.rate(model, rate)
    return "no such rate" if estimate is None else estimate.words


def _not_applicable(evidence: PhysicsEvidence, claim: str, remarks: list[str]) -> Verdict:
    reason = (
        "No rate is applicable: either the reference itself keeps none under "
        f"{evidence.claims['guided_percent']:g} %, or the models of the claim were not scored."
    )
    return Verdict(NOT_APPLICABLE, [reason, *remarks], evidence.comparison.iloc[:0], claim)


def _tolerance_and_floors(evidence: PhysicsEvidence, rate: ViolationRate) -> Iterator[str]:
    """State the tolerance and the floors, without which a rate has no meaning."""
    yield (
        f"A violation exceeds {evidence.laws['rain_tolerance_mm_day']:g} mm day⁻¹ and "
        f"{evidence.laws['headline_percent']:g} % of the rain; brackets hold 95 % intervals."
    )
    floors = [f"{name} {floor.words}" for name, floor in evidence.floors(rate).items()]
    yield f"Floors: {', '.join(floors)}."


def _by_tolerance(
    evidence: PhysicsEvidence, rate: ViolationRate, models: Iterable[str]
) -> Iterator[str]:
    """State the rate at other tolerances: the claims do not specify one."""
    percents = evidence.laws["rain_tolerance_percent"]
    for model in models:
        rates = [evidence.rate(model, rate, percent=percent) for percent in percents]
        if None not in rates:
            values = ", ".join(f"{estimate.value:.1f}" for estimate in rates)
            tolerances = ", ".join(f"{percent:g}" for percent in percents)
            yield f"{evidence.label(model)} at tolerances of {tolerances} %: {values} %."


def _mass(evidence: PhysicsEvidence, rate: ViolationRate, models: Iterable[str]) -> Iterator[str]:
    """State the mass error too: a model that dries out satisfies a one-sided law."""
    rates = _rates(evidence, MASS_RATE, models)
    if rate != MASS_RATE and rates:
        values = [f"{evidence.label(name)} in {value.words}" for name, value in rates.items()]
        yield (
            "This rate counts only excess rain. Excess or deficit relative to the driver's block "
            f"mean: {'; '.join(values)} of all coarse cells."
        )


def _other_methods(
    evidence: PhysicsEvidence, rate: ViolationRate, models: Iterable[str]
) -> Iterator[str]:
    """State the judged rate of the other constrained models, with their mass errors."""
    rates, mass = _rates(evidence, rate, models), _rates(evidence, MASS_RATE, models)
    if rates:
        with_mass = rate != MASS_RATE
        values = [
            f"{evidence.label(name)} {value.words}"
            + (f" / {mass[name].value:.1f} %" if with_mass and name in mass else "")
            for name, value in rates.items()
        ]
        words = " (second number: wrong block means)" if with_mass else ""
        yield f"Other constraints{words}: {'; '.join(values)}."


def _listed(
    evidence: PhysicsEvidence, rate: ViolationRate, words: str, models: Iterable[str]
) -> Iterator[str]:
    rates = _rates(evidence, rate, models)
    if rates:
        values = [f"{evidence.label(name)} {value.words}" for name, value in rates.items()]
        yield f"{words}: {'; '.join(values)}."


def _numbers(evidence: PhysicsEvidence, rate: ViolationRate) -> pd.DataFrame:
    """Return the judged rate of all models of the claims and pairs, and its floors once."""
    table = evidence.comparison
    of_pairs = [pair[key] for pair in evidence.pairs for key in ("unconstrained", "model")]
    models = list(dict.fromkeys([*evidence.claims["models"], *of_pairs]))
    rates = table["model"].isin(models) & (table["metric"] == rate.metric)
    floors = (table["model"] == models[0]) & table["metric"].isin(
        f"{rate.metric}{suffix}" for suffix in FLOORS
    )
    rows = (rates | floors) & (table["variable"] == RAIN)
    headline = table["threshold"] == evidence.laws["headline_percent"]
    return table[rows & headline].reset_index(drop=True)
