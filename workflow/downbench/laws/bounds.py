"""Bounds that hold in each fine cell: rain not negative, air not supersaturated, order kept."""

from collections.abc import Iterator, Mapping

import numpy as np

from downbench.core.config.laws import Laws
from downbench.core.variables import RAIN
from downbench.laws.batch import Batch
from downbench.physics.order import ordered_names, out_of_order
from downbench.physics.saturation import HUMIDITY, supersaturated
from downbench.scores.statistics import Means, Statistic, Statistics
from downbench.scores.table import Row

CHECKED = ("", "_truth")
METRICS = {
    "negative_rain": "negative_rain_rate",
    "supersaturated": "supersaturation_rate",
    "out_of_order": "temperature_order_violation_rate",
}


def daily(name: str, batches: Mapping[str, Batch], laws: Laws) -> Statistics:
    """Daily counts of fine cells of variable `name` that are out of bounds, members averaged.

    The order of temperatures is counted with the last of them that is there.
    """
    statistics: Statistics = {}
    for source in CHECKED:
        fine = {other: batch.fine[source] for other, batch in batches.items()}
        if name == RAIN:
            found = _counted(fine[name] < 0, fine[name])
            statistics[f"negative_rain{source}"] = found
        if name == HUMIDITY:
            beyond = supersaturated(fine[name], laws.supersaturation_percent)
            statistics[f"supersaturated{source}"] = _counted(beyond, fine[name])
        ordered = ordered_names(fine)
        if len(ordered) > 1 and name == ordered[-1]:
            known = sum(fine[other] for other in ordered)
            statistics[f"out_of_order{source}"] = _counted(out_of_order(fine), known)

    return statistics


def _counted(broken: np.ndarray, values: np.ndarray) -> Statistic:
    """Daily counts of `broken` and of known `values`, both (day, member, y, x)."""
    members = values.shape[1]
    count, known = (one.sum(axis=(1, 2, 3)) for one in (broken, np.isfinite(values)))
    return Statistic(count[:, None] / members, known[:, None] / members)


def rows(means: Means) -> Iterator[Row]:
    """`negative_rain_rate`, `supersaturation_rate` and `temperature_order_violation_rate`."""
    for name, metric in METRICS.items():
        for source in CHECKED:
            if f"{name}{source}" in means:
                yield Row(f"{metric}{source}", means.scalar(f"{name}{source}"))
