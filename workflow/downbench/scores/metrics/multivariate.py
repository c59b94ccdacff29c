"""Scores of whole fields: energy score and variogram score, both fair in the number of members.

Energy score (Gneiting and Raftery 2007) with the area-weighted root-mean-square norm, so that it
is in the variable's unit whatever the size of the grid. Variogram score of order p = 0.5
(Scheuerer and Hamill 2015) over 1000 seeded pairs of cells with weights 1 / distance, less the
variance of the mean over a finite number of members.
"""

from collections.abc import Iterator

import numpy as np

from downbench.scores.context import Context
from downbench.scores.geometry import CellPairs
from downbench.scores.metric import DailyStatistic, Metric
from downbench.scores.paired_fields import PairedFields
from downbench.scores.statistics import Means, Statistics, day_values
from downbench.scores.table import Row

POSITION = 80
ENERGY_SCORE = Metric(
    name="energy_score",
    unit="{unit}",
    best="low",
    meaning="The CRPS of whole fields instead of single cells: it shows whether places vary "
    "together.",
    definition="Fair, with the area-weighted root-mean-square norm over all valid cells.",
    lower_bound=0,
    heading="Energy score",
    position=130,
    pairs=DailyStatistic("energy_score"),
)
VARIOGRAM_SCORE = Metric(
    name="variogram_score",
    unit="({unit})^½",
    best="low",
    meaning="How well differences between pairs of places are predicted (order ½).",
    definition="1000 seeded pairs ≤ 8 cells apart along each axis, weights 1/distance, less var/M "
    "of the members' mean (fair).",
    lower_bound=0,
    heading="Variogram score",
    position=140,
    pairs=DailyStatistic("variogram_score"),
)

ORDER = 0.5


def energy_score(
    members: np.ndarray, outcomes: np.ndarray, weight: np.ndarray, separate: bool = False
) -> float:
    """Fair energy score of one day.

    Parameters
    ----------
    members : (member, cell)
        Members minus the reference.
    outcomes : (outcome, cell)
        Outcomes minus the reference: zeros, if it is the only one.
    weight : (cell,)
        Weights with sum one.
    separate
        Are even and odd members seeded separately?
    """
    size = len(members)
    scaled = np.concatenate([members, outcomes]) * np.sqrt(weight)
    product = scaled @ scaled.T
    square = np.diag(product)
    distance = np.sqrt(np.clip(square[:, None] + square - 2 * product, 0, None))
    error = distance[:size, size:].mean()
    if size == 1:
        return float(error)
    if separate:
        return float(error - distance[:size:2, 1:size:2].mean() / 2)
    pairs = np.triu_indices(size, k=1)

    return float(error - distance[pairs].mean() / 2)


def variogram_score(
    members: np.ndarray,
    outcomes: np.ndarray,
    pairs: CellPairs,
    valid: np.ndarray,
    separate: bool = False,
) -> tuple[float, float]:
    """Fair variogram score of one day and the summed weight of the pairs it rests on.

    The square of (outcome − expectation) is the product of two such differences, each with the
    mean of one half of the members, or the square less its bias from a finite number of members.

    Parameters
    ----------
    members : (member, cell)
    outcomes : (outcome, cell)
    pairs
        Pairs of cells and their weights.
    valid : (cell,)
        Cells that are there; pairs with a missing one are left out.
    separate
        Are even and odd members seeded separately?
    """
    complete = valid[pairs.first] & valid[pairs.second]
    first, second, weight = pairs.first[complete], pairs.second[complete], pairs.weight[complete]
    observed = np.abs(outcomes[:, first] - outcomes[:, second]) ** ORDER
    expected = np.abs(members[:, first] - members[:, second]) ** ORDER
    if separate:
        even, odd = expected[::2].mean(axis=0), expected[1::2].mean(axis=0)
        score = ((observed - even) * (observed - odd)).mean(axis=0)
    else:
        score = ((observed - expected.mean(axis=0)) ** 2).mean(axis=0)
        if len(members) > 1:
            score = score - expected.var(axis=0, ddof=1) / len(members)
    total = weight.sum()

    return (float(weight @ score / total) if total > 0 else np.nan), float(total)


def daily(fine: PairedFields, context: Context) -> Statistics:
    """Both scores of each day; a day weighs by its valid area, or by its valid pairs."""
    separate = context.separate_halves
    energy, variogram, area, reach = [], [], [], []
    for day, weight in enumerate(fine.weight.reshape(len(fine.weight), -1)):
        valid = weight > 0
        area.append(weight.sum())
        share = weight[valid] / max(area[-1], 1e-300)
        deviations = _cells(fine.deviation, day), _cells(fine.outcome_deviation, day)
        energy.append(energy_score(*(d[:, valid] for d in deviations), share, separate))
        values = _cells(fine.members, day), _cells(fine.outcomes, day)
        score, total = variogram_score(*values, context.pairs, valid, separate)
        variogram.append(score)
        reach.append(total)

    return {
        "energy_score": day_values(np.array(energy)[:, None], np.array(area)),
        "variogram_score": day_values(np.array(variogram)[:, None], np.array(reach)),
    }


def _cells(values: np.ndarray, day: int) -> np.ndarray:
    """One day of (day, n, y, x) as (n, cell)."""
    return values[day].reshape(values.shape[1], -1).astype(np.float64)


def rows(means: Means, context: Context) -> Iterator[Row]:
    """`energy_score` [the variable's unit] and `variogram_score` [unit^(2p)]."""
    yield ENERGY_SCORE.row(means.scalar("energy_score"))
    yield VARIOGRAM_SCORE.row(means.scalar("variogram_score"))
