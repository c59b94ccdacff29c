"""Cells of the scorecard from the comparison table of one training driver."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from downbench.core.variables import VARIABLES
from downbench.plots.inputs import select
from downbench.report.best_model_ratios import best_of, ratios_to
from downbench.report.criteria import COSTS, OF_COMPARISON, Criterion
from downbench.report.fixed_decimals import decimals_of, decimals_of_smallest, fixed
from downbench.report.paired_ties import ties_of
from downbench.report.summary import ScoreCell
from downbench.scores.metrics.spectra import SPECTRAL_POWER_BAND, SPECTRAL_POWER_BAND_LOG

OF_BEST_POSSIBLE, OF_BEST_MODEL = "× best possible", "× best model"
Numbers = Mapping[str, Sequence[float]]
"""Value, lower and upper end of the interval by model; NaN where there is no interval."""


def cells_of_comparison(
    comparison: pd.DataFrame,
    experiment: Mapping[str, Any],
    driver: str,
    competing: Collection[str],
) -> Iterator[ScoreCell]:
    """Yield the cells of all variables and models that the comparison has.

    Parameters
    ----------
    comparison
        Columns `model` and those of a score table.
    experiment
        Section of the experiment.
    driver
        Name of the training driver.
    competing
        Models among which the best is looked for.
    """
    of_ensembles = comparison[comparison.groupby("model")["members"].transform("max") > 1]
    for variable in scored_variables(comparison):
        for criterion in OF_COMPARISON:
            if criterion.intermittent_only and not VARIABLES[variable].is_intermittent:
                continue
            table = of_ensembles if criterion.needs_ensemble else comparison
            numbers, unit, lowest = _numbers(table, variable, criterion, competing)
            link = _link(experiment, driver, criterion.anchor, variable)
            scores = scores_behind(comparison, variable, criterion)
            for model, values in numbers.items():
                ties = ties_of(comparison, variable, criterion.paired, model, criterion.scale)
                yield score_cell(
                    criterion, variable, model, values, unit, ties, link, lowest,
                    scores.get(model, ""),
                )  # fmt: skip
        yield from _costs(comparison, variable, _link(experiment, driver, "", "cost"))


def score_cell(
    criterion: Criterion,
    variable: str,
    model: str,
    values: Sequence[float],
    unit: str = "",
    ties: tuple[str, ...] | None = None,
    link: str = "",
    best_score: float | None = None,
    scores: str = "",
) -> ScoreCell:
    """Return the cell of a value and the ends of its interval, in the criterion's unit."""
    value, lower, upper = (fixed(number, criterion.decimals) for number in values)
    distance = criterion.distance(values[0])
    return ScoreCell(
        variable=variable,
        model=model,
        criterion=criterion.key,
        text=value,
        unit=unit or criterion.unit,
        interval=f"{lower} … {upper}" if np.isfinite(values).all() else "",
        scores=scores,
        distance=distance,
        order=values[0] if distance is None or criterion.one_sided else distance,
        ties=ties,
        link=link,
        best_score=best_score,
    )


def scored_variables(comparison: pd.DataFrame) -> list[str]:
    """Return the variables of a comparison in the order of the table of variables."""
    scored = set(comparison["variable"].dropna())
    return [name for name in VARIABLES if name in scored]


def grain(comparison: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return the power of the shortest octave over the reference's [dB], by variable and model."""
    names = SPECTRAL_POWER_BAND_LOG.name, SPECTRAL_POWER_BAND.name
    result: dict[str, dict[str, float]] = {}
    for variable in scored_variables(comparison):
        tables = [select(comparison, variable, name) for name in names]
        rows = next((table for table in tables if len(table)), tables[0])
        shortest = rows[rows["scale"] == rows["scale"].min()]
        result[variable] = dict(zip(shortest["model"], shortest["value"].round(2), strict=True))
    return result


def _numbers(
    comparison: pd.DataFrame, variable: str, criterion: Criterion, competing: Collection[str]
) -> tuple[Numbers, str, float | None]:
    """Return the numbers of all models, the unit of ratios, and the score of the best model.

    The last is None unless it is the unit.
    """
    if ratios := _rows(comparison, variable, criterion.ratio, criterion):
        return ratios, OF_BEST_POSSIBLE if criterion.one_sided else "", None
    tables = (_rows(comparison, variable, name, criterion) for name in criterion.metrics)
    rows = next((table for table in tables if table), {})
    if not criterion.ratio:
        return rows, "", None
    scores = {name: of[0] for name, of in rows.items()}
    best = best_of(scores, competing)
    if best is None or not criterion.one_sided:
        return {}, "", None
    return ratios_to(best, scores, comparison, variable, criterion), OF_BEST_MODEL, scores[best]


def scores_behind(comparison: pd.DataFrame, variable: str, criterion: Criterion) -> dict[str, str]:
    """Return in words the two numbers of a ratio, each with its own interval, by model."""
    if not criterion.reference:
        return {}
    tables = (_rows(comparison, variable, name, criterion) for name in criterion.metrics)
    rows = next((table for table in tables if table), {})
    references = _rows(comparison, variable, criterion.reference, criterion)
    of_reference = "best possible" if criterion.one_sided else "reference"
    decimals = decimals_of(of[0] for of in rows.values())
    unit = VARIABLES[variable].unit_symbol
    return {
        name: f"{_with_interval(numbers, decimals)} {unit}"
        + (
            f"; {of_reference} {_with_interval(references[name], decimals)} {unit}"
            if name in references
            else ""
        )
        for name, numbers in rows.items()
    }


def _with_interval(numbers: Sequence[float], decimals: int) -> str:
    value, *ends = (fixed(number, decimals) for number in numbers)
    return f"{value} ({' … '.join(ends)})" if np.isfinite(numbers).all() else value


def _rows(comparison: pd.DataFrame, variable: str, metric: str, criterion: Criterion) -> Numbers:
    """Return the numbers of a metric by model, times the factor of the criterion."""
    keys = {} if criterion.scale is None else {"scale": criterion.scale}
    rows = select(comparison, variable, metric, **keys).drop_duplicates("model")
    numbers = rows[["value", "lower", "upper"]].to_numpy(float) * criterion.factor
    pairs = zip(rows["model"], numbers.tolist(), strict=True)
    return {model: values for model, values in pairs if np.isfinite(values[0])}


def _costs(comparison: pd.DataFrame, variable: str, link: str) -> Iterator[ScoreCell]:
    """Yield the costs, which are the same for every variable."""
    for criterion in COSTS:
        rows = comparison[comparison["metric"].isin(criterion.metrics)].drop_duplicates("model")
        rows = rows[np.isfinite(rows["value"])]
        costs = dict(zip(rows["model"], rows["value"] * criterion.factor, strict=True))
        decimals = max(criterion.decimals, decimals_of_smallest(costs.values()))
        printed = replace(criterion, decimals=decimals)
        for model, cost in costs.items():
            yield score_cell(printed, variable, model, (cost, np.nan, np.nan), link=link)


def _link(experiment: Mapping[str, Any], driver: str, figure: str, table: str) -> str:
    """Return the figure on the page of the experiment, or the table if it has no such figure."""
    place = figure if figure in experiment["figures"] else table
    return f"{experiment['name']}.html#{driver}-{place}"
