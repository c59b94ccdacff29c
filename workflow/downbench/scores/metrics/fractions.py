"""Fractions skill score: is heavy rain near the place where it should be?

The share of cells at or above a threshold in a square neighbourhood is compared with that of the
reference (Roberts and Lean 2008). Of an ensemble the share is that of all members, the
neighbourhood probability (Schwartz et al. 2010), as in the probabilistic score of Necker et al.
(2024). The score is not proper, so it describes and judges nothing.
"""

from collections.abc import Iterator

import numpy as np
from scipy.ndimage import uniform_filter1d

from downbench.scores.context import Context
from downbench.scores.metric import Metric
from downbench.scores.paired_fields import PairedFields
from downbench.scores.statistics import Means, Statistics, cell_sums, side_by_side
from downbench.scores.table import Row

POSITION = 87
FSS = Metric(
    name="fss",
    unit="1",
    best="high",
    meaning="Fractions skill score: agreement of the wet share of neighbourhoods with that of the "
    "reference; 1 is perfect, 0 no overlap. It is not proper and judges nothing.",
    definition="1 − Σ(p−o)² / Σ(p²+o²) over cells and days, p: share of cells and members at or "
    "above `threshold` among the valid ones of a square about the cell, o: that of the reference; "
    "`scale`: side of the square [cells], 1, 3, 5, 9 for `pooling_factors` 1, 2, 4, 8.",
    lower_bound=0,
    upper_bound=1,
)


def sides(context: Context) -> tuple[int, ...]:
    """Sides of the neighbourhoods: the odd numbers at or above the pooling factors [cells]."""
    return tuple(factor + 1 - factor % 2 for factor in context.pooling_factors)


def daily(fine: PairedFields, context: Context) -> Statistics:
    """Daily sums of (p − o)² and of p² + o², per threshold and side."""
    if not context.is_intermittent:
        return {}
    valid = (fine.weight > 0).astype(np.float64)
    cells = [np.maximum(square_sums(valid, side), 1) for side in sides(context)]
    errors, sizes = [], []
    for threshold in context.settings.reliability_thresholds_mm_day:
        probability = (fine.members >= threshold).mean(axis=1) * valid
        event = (fine.reference >= threshold) * valid
        for side, count in zip(sides(context), cells, strict=True):
            p, o = (square_sums(field, side) / count for field in (probability, event))
            errors.append(cell_sums((p - o) ** 2, fine.weight))
            sizes.append(cell_sums(p**2 + o**2, fine.weight))

    return {"fss_error": side_by_side(errors), "fss_size": side_by_side(sizes)}


def square_sums(values: np.ndarray, side: int) -> np.ndarray:
    """Sums over squares of an odd `side` about each cell of (…, y, x), zero beyond the edge."""
    for axis in (-2, -1):
        values = uniform_filter1d(values, side, axis=axis, mode="constant") * side
    return values


def rows(means: Means, context: Context) -> Iterator[Row]:
    """`fss` per threshold and side; NaN where neither reaches the threshold on any day."""
    if not context.is_intermittent:
        return
    with np.errstate(invalid="ignore", divide="ignore"):
        scores = iter((1 - means["fss_error"] / means["fss_size"]).T)
    for threshold in context.settings.reliability_thresholds_mm_day:
        for side in sides(context):
            yield FSS.row(next(scores), scale=side, threshold=threshold)
