"""Scores that the claims of an experiment name, as differences between two models.

A proper score whose daily values are kept gives the skill over the other model; a distance
(`losses`) gives the difference. A new proper score is one more entry in the configuration.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.core.config.experiment.paired_claims import PairedScore
from downbench.core.errors import UserError
from downbench.scores.metric import Metric
from downbench.scores.metric_registry import all_metrics
from downbench.scores.paired.comparison import ratio
from downbench.scores.paired.losses import LOSSES
from downbench.scores.paired.model_pairs import ModelPair
from downbench.scores.table import Row


@dataclass(frozen=True)
class ScoreDifference:
    """How a score of a claim compares two models.

    metric : of the difference, without the other model's name
    favourable : sign of the difference where the model is better than the other one
    heading : name of the score for readers
    """

    metric: Metric
    favourable: int
    heading: str


def proper_scores() -> dict[str, Metric]:
    """Return metrics that are means of days, lower for better ensembles, and kept per day."""
    return {
        metric.name: metric
        for metric in all_metrics()
        if metric.best == "low" and metric.pairs is not None and metric.pairs.name == metric.name
    }


def difference_of(score: PairedScore) -> ScoreDifference:
    """Return how a score compares two models."""
    if score.score in LOSSES:
        metric = LOSSES[score.score].metric
        return ScoreDifference(metric, -1, metric.heading)
    skill = Metric(
        name=f"{score.score}_skill",
        unit="%",
        best="high",
        meaning=f"Share of the other model's `{score.score}` that the model removes.",
        factor=100,
    )

    return ScoreDifference(skill, 1, _heading(proper_scores()[score.score], score))


def _heading(metric: Metric, score: PairedScore) -> str:
    words = metric.heading or metric.name.replace("_", " ")
    words = words.replace("{threshold}", f"{score.threshold or ''}")
    if score.scale in (None, 1):
        return words
    pooled = metric.pairs is not None and metric.pairs.dimension == "scale"
    return f"{words} of {score.scale} × {score.scale} {'means' if pooled else 'cells'}"


def differences(pair: ModelPair, scores: Iterable[PairedScore]) -> Iterator[Row]:
    """Yield `{score}_skill_versus_{other}`, or `{distance}_versus_{other}`, of the scores.

    Scores that the variable lacks are left out.
    """
    for score in scores:
        metric = difference_of(score).metric.versus(pair.other)
        if score.score in LOSSES:
            values = [LOSSES[score.score].of(side) for side in pair.sides]
            if not any(value is None for value in values):
                yield metric.row(values[0] - values[1])
        elif all(score.score in means for means in pair.means):
            for column in _columns(pair.daily, f"{pair.variable}_{score.score}", score):
                first, second = (means[score.score][:, column] for means in pair.means)
                scale, threshold = score.scale or np.nan, score.threshold or np.nan
                yield metric.row(1 - ratio(first, second), scale, threshold)


def _columns(daily: xr.Dataset, name: str, score: PairedScore) -> list[int]:
    """Return the column of the scale or threshold; none where the daily file lacks it."""
    dims = daily[name].dims[1:]
    if not dims:
        return [0]
    position = score.threshold if score.scale is None else score.scale
    if position is None:
        raise UserError(
            f"paired_claims: score '{score.score}' has several values per {dims[0]}: name one by "
            "`scale` or `threshold`"
        )
    return [int(column) for column in np.flatnonzero(daily[dims[0]].values == position)]
