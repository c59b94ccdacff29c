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
from downbench.scores.metric import Metric
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
)

ORDER = 0.5


def energy_score(deviation: np.ndarray, weight: np.ndarray) -> float:
    """Fair energy score of one day.

    Parameters
    ----------
    deviation : (member, cell)
        Members minus the reference.
    weight : (cell,)
        Weights with sum one.
    """
    size = len(deviation)
    scaled = deviation * np.sqrt(weight)
    product = scaled @ scaled.T
    square = np.diag(product)
    error = np.sqrt(square).mean()
    if size == 1:
        return float(error)
    distance = np.sqrt(np.clip(square[:, None] + square - 2 * product, 0, None))
    np.fill_diagonal(distance, 0.0)

    return float(error - distance.sum() / (2 * size * (size - 1)))


def variogram_score(
    members: np.ndarray, reference: np.ndarray, pairs: CellPairs, valid: np.ndarray
) -> tuple[float, float]:
    """Fair variogram score of one day and the summed weight of the pairs it rests on.

    Parameters
    ----------
    members : (member, cell)
    reference : (cell,)
    pairs
        Pairs of cells and their weights.
    valid : (cell,)
        Cells that are there; pairs with a missing one are left out.
    """
    complete = valid[pairs.first] & valid[pairs.second]
    first, second, weight = pairs.first[complete], pairs.second[complete], pairs.weight[complete]
    observed = np.abs(reference[first] - reference[second]) ** ORDER
    expected = np.abs(members[:, first] - members[:, second]) ** ORDER
    score = (observed - expected.mean(axis=0)) ** 2
    if len(members) > 1:
        score = score - expected.var(axis=0, ddof=1) / len(members)
    total = weight.sum()

    return (float(weight @ score / total) if total > 0 else np.nan), float(total)


def daily(fine: PairedFields, context: Context) -> Statistics:
    """Both scores of each day; a day weighs by its valid area, or by its valid pairs."""
    energy, variogram, area, reach = [], [], [], []
    for day in range(len(fine.reference)):
        weight = fine.weight[day].ravel()
        valid = weight > 0
        area.append(weight.sum())
        deviation = fine.deviation[day].reshape(fine.size, -1)[:, valid].astype(np.float64)
        share = weight[valid] / max(area[-1], 1e-300)
        energy.append(energy_score(deviation, share))
        members = fine.members[day].reshape(fine.size, -1)
        score, total = variogram_score(members, fine.reference[day].ravel(), context.pairs, valid)
        variogram.append(score)
        reach.append(total)

    return {
        "energy_score": day_values(np.array(energy)[:, None], np.array(area)),
        "variogram_score": day_values(np.array(variogram)[:, None], np.array(reach)),
    }


def rows(means: Means, context: Context) -> Iterator[Row]:
    """`energy_score` [the variable's unit] and `variogram_score` [unit^(2p)]."""
    yield ENERGY_SCORE.row(means.scalar("energy_score"))
    yield VARIOGRAM_SCORE.row(means.scalar("variogram_score"))
