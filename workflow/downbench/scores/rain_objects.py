"""Objects of rain in fields: where the rain is, how far it is spread, and how peaked it is.

Wernli et al. (2008): objects are contiguous cells at or above 1/15 of the 95th percentile of the
field's rain (Wernli et al. 2009).
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import label

LEAST_MM_DAY = 0.1
QUANTILE, SHARE = 0.95, 1 / 15
NEIGHBOURS = np.zeros((3, 3, 3), int)
NEIGHBOURS[1] = [[0, 1, 0], [1, 1, 1], [0, 1, 0]]
"""Cells that share an edge, of one field: all fields are labelled at once."""


@dataclass(frozen=True)
class RainFeatures:
    """Features of fields; NaN without rain or, for the last two, without an object.

    amount : (field,) mean rain [mm day-1]
    centre : (field, 2) centre of mass, y and x [cells]
    scatter : (field,) mean distance of the objects from the centre, weighted by rain [cells]
    volume : (field,) mean rain of an object over its peak, weighted by rain [cells]
    """

    amount: np.ndarray
    centre: np.ndarray
    scatter: np.ndarray
    volume: np.ndarray


def rain_features(rain: np.ndarray, weight: np.ndarray) -> RainFeatures:
    """Return the features of `rain` (field, y, x) [mm day-1] on cells of an area (field, y, x).

    Cells without weight do not count.
    """
    rain = np.where(weight > 0, rain, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_area = weight.sum(axis=(1, 2)) / (weight > 0).sum(axis=(1, 2))
        mass = rain * (weight / mean_area[:, None, None])
        total = mass.sum(axis=(1, 2))
        places = np.indices(rain.shape[1:], np.float64)
        centre = np.einsum("fyx,cyx->fc", mass, places) / total[:, None]
        scatter, volume = _object_means(rain, mass, centre)
        return RainFeatures(total / (weight > 0).sum(axis=(1, 2)), centre, scatter, volume)


def _object_means(
    rain: np.ndarray, mass: np.ndarray, centre: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """`scatter` and `volume` of each field."""
    labels, _ = label(rain >= _thresholds(rain)[:, None, None], NEIGHBOURS)
    cells = np.flatnonzero(labels)
    cells = cells[np.argsort(labels.ravel()[cells], kind="stable")]
    starts = np.flatnonzero(np.diff(labels.ravel()[cells], prepend=0))
    field, y, x = np.unravel_index(cells, rain.shape)
    mass, of_object = mass.ravel()[cells], field[starts]
    moments = np.add.reduceat(mass * np.stack([np.ones(mass.size), y, x]), starts, axis=1)
    peak = np.maximum.reduceat(rain.ravel()[cells], starts)
    distance = np.hypot(*(moments[1:] / moments[0] - centre[of_object].T))

    def mean(values: np.ndarray) -> np.ndarray:
        sums = (np.bincount(of_object, w, len(rain)) for w in (moments[0] * values, moments[0]))
        return np.divide(*sums)

    return mean(distance), mean(moments[0] / peak)


def _thresholds(rain: np.ndarray) -> np.ndarray:
    """Return the least rain of an object in each field; ∞ where none reaches `LEAST_MM_DAY`."""
    ordered = np.sort(rain.reshape(len(rain), -1), axis=1)
    wet = (ordered >= LEAST_MM_DAY).sum(axis=1)
    rank = ordered.shape[1] - wet + QUANTILE * (wet - 1)
    below = np.clip(rank.astype(int), 0, ordered.shape[1] - 1)
    ends = (
        np.take_along_axis(ordered, np.minimum(below + i, ordered.shape[1] - 1)[:, None], 1)[:, 0]
        for i in (0, 1)
    )
    lower, upper = ends

    return np.where(wet > 0, (lower + (rank - below) * (upper - lower)) * SHARE, np.inf)
