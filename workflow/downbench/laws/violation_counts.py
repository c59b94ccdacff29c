"""Counts of violations at each tolerance of the configured range."""

from collections.abc import Iterator

import numpy as np

from downbench.core.config.physics_checks import PhysicsChecks
from downbench.core.variables import RAIN
from downbench.laws.batch import SOURCES
from downbench.laws.law import LawMetric
from downbench.physics.violation_rate import tolerance, violated
from downbench.scores.statistics import Means, Statistic
from downbench.scores.table import Row


def tolerances(variable: str, checks: PhysicsChecks) -> list[tuple[float, float, float]]:
    """(row's threshold, absolute, relative [1]) of the range; thresholds in percent or K."""
    if variable == RAIN:
        smallest = checks.rain_tolerance_mm_day
        return [(percent, smallest, percent / 100) for percent in checks.rain_tolerance_percent]

    return [(kelvin, kelvin, 0.0) for kelvin in checks.temperature_tolerance_k]


def violation_counts(
    error: np.ndarray,
    expected: np.ndarray,
    valid: np.ndarray,
    variable: str,
    checks: PhysicsChecks,
) -> Statistic:
    """Daily counts of violations (day, tolerance), members averaged, and of valid cells.

    Parameters
    ----------
    error : (day, member, Y, X)
    expected, valid : (day, 1, Y, X)
        What the law expects, in the unit of `error`; where the error counts.
    """
    violations = [
        (violated(error, tolerance(expected, absolute, relative)) & valid).mean(axis=1)
        for _, absolute, relative in tolerances(variable, checks)
    ]
    count = np.stack([share.sum(axis=(-2, -1)) for share in violations], axis=1)

    return Statistic(count, valid.sum(axis=(1, 2, 3))[:, None].astype(np.float64))


def rate_rows(
    metric: LawMetric, means: Means, statistic: str, variable: str, checks: PhysicsChecks
) -> Iterator[Row]:
    """Yield a row per source and tolerance from the statistics `{statistic}{source}`."""
    for source in SOURCES:
        for column, (threshold, _, _) in enumerate(tolerances(variable, checks)):
            rate = means[f"{statistic}{source}"][:, column]
            yield metric.of(source).row(rate, threshold=threshold)
