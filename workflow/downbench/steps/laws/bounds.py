"""Bounds that hold in each cell: rain is never negative."""

from collections.abc import Iterator

import numpy as np

from downbench.scores.statistics import Means, Statistic, Statistics
from downbench.scores.table import Row
from downbench.steps.laws.batch import Batch

CHECKED = ("", "_truth")


def daily(batch: Batch) -> Statistics:
    """Daily counts of fine cells with negative rain, members averaged."""
    return {f"negative_rain{source}": _below_zero(batch.fine[source]) for source in CHECKED}


def _below_zero(rain: np.ndarray) -> Statistic:
    count, known = ((one.sum(axis=(1, 2, 3))) for one in (rain < 0, np.isfinite(rain)))
    return Statistic(count[:, None] / rain.shape[1], known[:, None] / rain.shape[1])


def rows(means: Means) -> Iterator[Row]:
    """`negative_rain_rate` and that of the truth."""
    for source in CHECKED:
        yield Row(f"negative_rain_rate{source}", means.scalar(f"negative_rain{source}"))
