"""Scores of an experiment's page as its interactive chart reads them."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from downbench.core.variables import VARIABLES, title
from downbench.plots.style import look
from downbench.report.column_groups import group_of
from downbench.scores.metric import BEST, IDEAL, REFERENCE, Metric
from downbench.scores.metric_registry import all_metrics
from downbench.scores.paired.paired_metrics import LOG_SCORE_DIFFERENCES, RATIOS, SKILLS

OF_PAIRS = (*SKILLS, *RATIOS, *LOG_SCORE_DIFFERENCES)
METRICS = {metric.name: metric for metric in (*all_metrics(), *OF_PAIRS)}
DIGITS = 4
"""Significant digits of a number."""
OF_REFERENCE = -1
"""Stands for a model in the line of the reference's own value."""
PLACE = ["variable", "metric", "season", "at"]


def chart_data(
    comparisons: Mapping[str, pd.DataFrame], experiment: Mapping[str, Any]
) -> dict[str, Any]:
    """Return scores and words of a chart, ready for JSON.

    Parameters
    ----------
    comparisons
        Comparison tables by training driver.
    experiment
        Section of the experiment.

    Returns
    -------
    `models` and `metrics` describe themselves; `scores` holds, by driver, variable, metric, season
    and scale or threshold, lists of [model, value, lower, upper], the model by its position.
    Drivers without a score are left out; nothing is left where none has any.
    """
    of_drivers = {driver: _scores(table, experiment) for driver, table in comparisons.items()}
    scores = {driver: of_driver for driver, of_driver in of_drivers.items() if of_driver}
    if not scores:
        return {}
    by_variable = [metrics for of_driver in scores.values() for metrics in of_driver.values()]
    metrics = {name: METRICS[name] for name in METRICS if any(name in of for of in by_variable)}
    labels = experiment.get("labels", {})
    return {
        "models": [{"label": labels.get(name, name), "colour": look(name).colour}
                   for name in experiment["models"]],
        "metrics": {name: _words(metric) for name, metric in metrics.items()},
        "variables": {name: {"title": title(name), "unit": VARIABLES[name].unit_symbol}
                      for name in dict.fromkeys(v for of in scores.values() for v in of)},
        "scores": scores,
    }  # fmt: skip


def _words(metric: Metric) -> dict[str, Any]:
    heading = metric.heading or metric.name.replace("_", " ")
    for word in ("climatology", "reference"):
        heading = heading.replace(f"{{{word}}}", word)
    return {
        "heading": heading.replace(", P{threshold}", ""),
        "unit": "" if metric.unit == "1" else metric.unit,
        "meaning": f"{metric.meaning.replace('{threshold}', 'given')} ({BEST[metric.best]})",
        "group": group_of(metric.name),
        "ideal": IDEAL.get(metric.best),
    }


def _scores(table: pd.DataFrame, experiment: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rows of one comparison by variable, metric, season and scale or threshold."""
    positions = {name: number for number, name in enumerate(experiment["models"])}
    rows = table[table["metric"].isin(METRICS) & table["model"].isin(positions)]
    rows = rows[np.isfinite(rows["value"]) & rows["variable"].notna()]
    rows = rows.assign(at=list(_places(rows)))
    of_reference = rows["metric"].str.endswith(REFERENCE)
    references = rows[of_reference].drop_duplicates(PLACE).set_index(PLACE)["value"].to_dict()
    scores: dict[str, Any] = {}
    for (variable, metric, season, at), of_place in rows[~of_reference].groupby(PLACE, sort=False):
        numbers = of_place[["value", "lower", "upper"]].to_numpy() * METRICS[metric].factor
        names = of_place["model"].map(positions)
        lines = [[n, *map(_rounded, line)] for n, line in zip(names, numbers, strict=True)]
        reference = references.get((variable, f"{metric}{REFERENCE}", season, at))
        if METRICS[metric].best == "reference" and reference is not None:
            lines.append([OF_REFERENCE, _rounded(reference), None, None])
        seasons = scores.setdefault(variable, {}).setdefault(metric, {})
        seasons.setdefault(season, {})[at] = lines
    return scores


def _places(rows: pd.DataFrame) -> Iterator[str]:
    """Yield the scale and the threshold of each row in words."""
    for scale, threshold in zip(rows["scale"], rows["threshold"], strict=True):
        parts = {"scale": scale, "threshold": threshold}
        yield ", ".join(f"{name} {at:.4g}" for name, at in parts.items() if np.isfinite(at))


def _rounded(number: float) -> float | None:
    return float(f"{number:.{DIGITS}g}") if np.isfinite(number) else None
