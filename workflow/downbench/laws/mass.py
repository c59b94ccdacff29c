"""Mass conservation: do block means of the members equal the coarse input?"""

from collections.abc import Iterator

import numpy as np

from downbench.core.config.laws import Laws
from downbench.core.variables import RAIN
from downbench.laws.batch import SOURCES, Batch
from downbench.physics.mass_conservation import block_mean_error
from downbench.physics.violation_rate import tolerance, violated
from downbench.scores.statistics import Means, Statistic, Statistics
from downbench.scores.table import Row


def tolerances(variable: str, laws: Laws) -> list[tuple[float, float, float]]:
    """(row's threshold, absolute, relative [1]) of the range; thresholds in percent or K."""
    if variable == RAIN:
        small = laws.rain_tolerance_mm_day
        return [(percent, small, percent / 100) for percent in laws.rain_tolerance_percent]

    return [(kelvin, kelvin, 0.0) for kelvin in laws.temperature_tolerance_k]


def counted(
    error: np.ndarray, wanted: np.ndarray, known: np.ndarray, variable: str, laws: Laws
) -> Statistic:
    """Daily counts of violations (day, tolerance), members averaged, and of known cells.

    Parameters
    ----------
    error : (day, member, Y, X)
    wanted, known : (day, 1, Y, X)
        What the law wants, in the unit of `error`; where the error counts.
    """
    beyond = [
        (violated(error, tolerance(wanted, absolute, relative)) & known).mean(axis=1)
        for _, absolute, relative in tolerances(variable, laws)
    ]
    count = np.stack([one.sum(axis=(-2, -1)) for one in beyond], axis=1)

    return Statistic(count, known.sum(axis=(1, 2, 3))[:, None].astype(np.float64))


def daily(batch: Batch, variable: str, laws: Laws) -> Statistics:
    """Daily counts of `mass_violation` for the members and their floors."""
    statistics = {}
    for source in SOURCES:
        error = block_mean_error(batch.fine[source], batch.coarse, batch.area, batch.factor)
        statistics[f"mass_violation{source}"] = counted(
            error, batch.coarse, batch.known, variable, laws
        )

    return statistics


def rows(means: Means, variable: str, laws: Laws) -> Iterator[Row]:
    """`mass_violation_rate` and its floors per tolerance (`threshold`: percent, or K)."""
    yield from rate_rows(means, "mass_violation", variable, laws)


def rate_rows(means: Means, name: str, variable: str, laws: Laws) -> Iterator[Row]:
    """Rows `{name}_rate{source}` of the statistics `{name}{source}`."""
    for source in SOURCES:
        for column, (threshold, _, _) in enumerate(tolerances(variable, laws)):
            rate = means[f"{name}{source}"][:, column]
            yield Row(f"{name}_rate{source}", rate, threshold=threshold)
