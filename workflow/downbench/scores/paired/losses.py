"""Distances of an ensemble from perfection that are no mean of days: lower is better.

Each is formed from the mean statistics of a model; None where its daily file lacks them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from downbench.scores.metric import Metric
from downbench.scores.metrics.ranks import rank_deviation
from downbench.scores.metrics.spectra import log_spectral_distance
from downbench.scores.metrics.spread_skill import spread_over_error
from downbench.scores.paired.model_pairs import ModelMeans


def spread_skill(model: ModelMeans) -> np.ndarray | None:
    """Return spread over error (1 + replicates,)."""
    means = model.means
    if "variance" not in means:
        return None
    variance, squared_error = means.scalar("variance"), means.scalar("squared_error")
    return spread_over_error(variance, squared_error, model.members)


def _spread_skill_error(model: ModelMeans) -> np.ndarray | None:
    ratio = spread_skill(model)
    return None if ratio is None else abs(ratio - 1)


def _spectral_distance(model: ModelMeans) -> np.ndarray | None:
    """A few downpours decide the mean spectrum of rain, so its logarithm is preferred."""
    name = "rapsd_log" if "rapsd_log" in model.means else "rapsd"
    if name not in model.means:
        return None
    return log_spectral_distance(model.means[name], model.means[f"{name}_reference"])


def _rank_deviation(model: ModelMeans) -> np.ndarray | None:
    name = "rank_wet" if "rank_wet" in model.means else "rank"
    return rank_deviation(model.means[name]) if name in model.means else None


@dataclass(frozen=True)
class Loss:
    """A distance from perfection, and the metric of the difference between two models."""

    metric: Metric
    of: Callable[[ModelMeans], np.ndarray | None]


SPECTRAL_DISTANCE = Loss(
    Metric(
        name="spectral_distance",
        unit="dB",
        best="none",
        meaning="Change of the log-spectral distance, of the logarithm of rain and of other "
        "variables as they are. Above zero: farther from the reference.",
        heading="Spectral distance",
    ),
    _spectral_distance,
)
SPREAD_SKILL_ERROR = Loss(
    Metric(
        name="spread_skill_error",
        unit="1",
        best="none",
        meaning="Change of the distance of spread over error from 1. Above zero: worse.",
        heading="|Spread / error − 1|",
    ),
    _spread_skill_error,
)
RANK_DEVIATION = Loss(
    Metric(
        name="rank_deviation",
        unit="%",
        best="none",
        meaning="Change of the share of values with a wrong rank. Above zero: worse.",
        heading="Ranks that are not flat",
        factor=100,
    ),
    _rank_deviation,
)
LOSSES = {
    loss.metric.name: loss for loss in (SPECTRAL_DISTANCE, SPREAD_SKILL_ERROR, RANK_DEVIATION)
}
