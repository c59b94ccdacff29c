"""The verdicts of experiment 2, one for each of its claims.

1. Unconstrained generative models violate in a stated share of cells.
2. A physics-guided loss brings that below a stated share.
3. It costs little: the distance of the spectra, heavy rain, the CRPS and spread–skill change by
   no more than stated, against the same model without.

A claim is supported when the whole interval lies where the claim says, not supported when it lies
wholly outside, and inconclusive otherwise. Where the truth itself violates as often as the claims
speak of, or the rates were not measured, the claim cannot be told here.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from downbench.core.variables import RAIN
from downbench.scores.verdicts.constraint_cost import price_verdict
from downbench.scores.verdicts.skill import CANNOT, CAVEAT, Verdict, together, within
from downbench.scores.verdicts.violation_rates import BOTH_WAYS, FLOORS, Case, Measure, choose

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
        Section of the experiment: `models`, `claims`, `constrained_models`, and `labels` if there are any.
    laws
        Section `evaluation.physics`: the tolerances.
    """
    case = Case(comparison, experiment, laws)
    measure, told = choose(case)
    return [_unconstrained(case, measure, told), _guided(case, measure, told), price_verdict(case)]


def _unconstrained(case: Case, measure: Measure | None, told: list[str]) -> Verdict:
    low, high = case.claims["unconstrained_percent"]
    claim = f"Unconstrained generative models violate in {low:g}–{high:g} % of cells."
    found = _rates(case, measure, case.claims["models"])
    if measure is None or not found:
        return _untold(case, claim, told)
    label = together(within(one.lower, one.upper, low, high) for one in found.values())
    sentences = [
        f"{case.label(name)}: in {one.words} of {measure.words}; claimed are {low:g}–{high:g} %."
        for name, one in found.items()
    ]
    others = dict.fromkeys(
        pair["unconstrained"] for pair in case.pairs if pair["unconstrained"] not in found
    )
    sentences += [*_about(case, measure), *_range(case, measure, found), *told]
    sentences += [*_beside(case, measure, "Other models without physics", others), CAVEAT]

    return Verdict(label, sentences, _numbers(case, measure), claim)


def _guided(case: Case, measure: Measure | None, told: list[str]) -> Verdict:
    limit = case.claims["guided_percent"]
    claim = f"A physics-guided loss brings that under {limit:g} %."
    guided = {pair["model"]: pair["unconstrained"] for pair in case.guided}
    found = _rates(case, measure, guided)
    if measure is None or not found:
        return _untold(case, claim, told)
    label = together(within(one.lower, one.upper, 0.0, limit) for one in found.values())
    sentences = [
        f"{case.label(name)}: in {one.words} of {measure.words}, where {case.label(guided[name])} "
        f"has {_words(case, measure, guided[name])}; claimed is less than {limit:g} %."
        for name, one in found.items()
    ]
    others = [pair["model"] for pair in case.pairs if pair["model"] not in found]
    sentences += [*_about(case, measure), *_range(case, measure, found)]
    sentences += _too_little(case, measure, {**found, **dict.fromkeys(guided.values())})
    sentences += [*_other_ways(case, measure, others), BY_CONSTRUCTION]

    return Verdict(label, sentences, _numbers(case, measure), claim)


def _rates(case: Case, measure: Measure | None, models: Iterable[str]) -> dict:
    """Rates of the models that have one."""
    if measure is None:
        return {}
    rates = {name: case.rate(name, measure) for name in models}
    return {name: one for name, one in rates.items() if one is not None}


def _words(case: Case, measure: Measure, model: str) -> str:
    one = case.rate(model, measure)
    return "no such rate" if one is None else one.words


def _untold(case: Case, claim: str, told: list[str]) -> Verdict:
    reason = (
        "No rate can judge it here: there is none that the truth itself keeps under "
        f"{case.claims['guided_percent']:g} %, or the models that the claim is about take no part."
    )
    return Verdict(CANNOT, [reason, *told], case.comparison.iloc[:0], claim)


def _about(case: Case, measure: Measure) -> Iterator[str]:
    """The tolerance, and the floors that a rate means nothing without."""
    yield (
        f"A miss counts beyond {case.laws['rain_tolerance_mm_day']:g} mm day⁻¹ and beyond "
        f"{case.laws['headline_percent']:g} % of the rain; brackets hold 95 % intervals."
    )
    known = [f"{words} {one.words}" for words, one in case.floors(measure).items()]
    yield f"Floors: {', '.join(known)}."


def _range(case: Case, measure: Measure, models: Iterable[str]) -> Iterator[str]:
    """The same at other tolerances: the claims do not say which one they mean."""
    percents = case.laws["rain_tolerance_percent"]
    for model in models:
        rates = [case.rate(model, measure, percent=percent) for percent in percents]
        if None not in rates:
            listed = ", ".join(f"{one.value:.1f}" for one in rates)
            at = ", ".join(f"{percent:g}" for percent in percents)
            yield f"{case.label(model)} at tolerances of {at} %: {listed} %."


def _too_little(case: Case, measure: Measure, models: Iterable[str]) -> Iterator[str]:
    """A model that dries out keeps a one-sided law: what it does with mass is told beside."""
    rates = _rates(case, BOTH_WAYS, models)
    if measure != BOTH_WAYS and rates:
        listed = [f"{case.label(name)} in {one.words}" for name, one in rates.items()]
        yield (
            "That rate counts too much rain alone. Too much or too little, against the driver's "
            f"block mean: {'; '.join(listed)} of all coarse cells."
        )


def _other_ways(case: Case, measure: Measure, models: Iterable[str]) -> Iterator[str]:
    """The judged rate of the other constrained models, each with its wrong block means."""
    found, mass = _rates(case, measure, models), _rates(case, BOTH_WAYS, models)
    if found:
        words = ", with wrong block means after the stroke" if measure != BOTH_WAYS else ""
        listed = [
            f"{case.label(name)} {one.words}"
            + (f" / {mass[name].value:.1f} %" if words and name in mass else "")
            for name, one in found.items()
        ]
        yield f"Other ways to obey{words}: {'; '.join(listed)}."


def _beside(case: Case, measure: Measure, words: str, models: Iterable[str]) -> Iterator[str]:
    found = _rates(case, measure, models)
    if found:
        listed = [f"{case.label(name)} {one.words}" for name, one in found.items()]
        yield f"{words}: {'; '.join(listed)}."


def _numbers(case: Case, measure: Measure) -> pd.DataFrame:
    """The judged rate of every model that obeys or could, and its floors once."""
    table = case.comparison
    of_pairs = [pair[key] for pair in case.pairs for key in ("unconstrained", "model")]
    shown = list(dict.fromkeys([*case.claims["models"], *of_pairs]))
    rates = table["model"].isin(shown) & (table["metric"] == measure.metric)
    floors = (table["model"] == shown[0]) & table["metric"].isin(
        f"{measure.metric}{suffix}" for suffix in FLOORS
    )
    chosen = (rates | floors) & (table["variable"] == RAIN)
    at = table["threshold"] == case.laws["headline_percent"]
    return table[chosen & at].reset_index(drop=True)
