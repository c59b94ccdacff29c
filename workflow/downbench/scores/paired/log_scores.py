"""Differences of exact log scores: a model against the reference model and the oracle."""

from collections.abc import Iterator, Mapping

import xarray as xr

from downbench.scores.metrics.log_score import LOG_SCORE
from downbench.scores.paired.comparison import ORACLE
from downbench.scores.paired.model_pairs import ModelPair
from downbench.scores.paired.paired_metrics import (
    LOG_SCORE_MINUS_ORACLE,
    LOG_SCORE_MINUS_REFERENCE_MODEL,
)
from downbench.scores.table import Row


def pairs(daily: Mapping[str, xr.Dataset], reference_model: str) -> list[tuple[str, str]]:
    """Return pairs of models, with the reference model and the oracle, that have log scores."""
    scored = [name for name, file in daily.items() if _has_log_score(file)]
    partners = [name for name in (reference_model, ORACLE) if name in scored]
    return [(model, partner) for model in scored for partner in partners if model != partner]


def _has_log_score(daily: xr.Dataset) -> bool:
    return any(str(name).endswith(f"_{LOG_SCORE.name}") for name in daily.data_vars)


def differences(pair: ModelPair) -> Iterator[Row]:
    """Yield the difference in nats of a variable that both have a log score of."""
    if all(LOG_SCORE.name in means for means in pair.means):
        is_oracle = pair.other == ORACLE
        metric = LOG_SCORE_MINUS_ORACLE if is_oracle else LOG_SCORE_MINUS_REFERENCE_MODEL
        first, second = (means.scalar(LOG_SCORE.name) for means in pair.means)
        yield metric.row(first - second)
