"""Interpolation of a grid to points: nearest valid cell, or bilinear between cell centres."""

from collections.abc import Sequence

import numpy as np

from downbench.core.errors import UserError
from downbench.core.spatial.curvilinear import CellWeights
from downbench.scores.geometry import distance_km

SAME_AXIS_DEGREES = 1e-3


def nearest(
    lat: np.ndarray, lon: np.ndarray, valid: np.ndarray, points: Sequence[np.ndarray]
) -> tuple[CellWeights, np.ndarray]:
    """Return the valid cell whose centre is nearest to each point, and its distance.

    Parameters
    ----------
    lat, lon : (y, x)
        Cell centres [degrees].
    valid : (y, x) bool
        Cells that have values; a point on the coast may lie in a cell without.
    points
        Latitudes and longitudes (point,) [degrees].

    Returns
    -------
    CellWeights, (point,) float
        Distances in km.
    """
    north, east = (np.asarray(coordinate)[:, None] for coordinate in points)
    distance = distance_km(lat.ravel(), lon.ravel(), north, east)
    distance = np.where(valid.ravel(), distance, np.inf)
    index = distance.argmin(axis=1)[:, None]
    return CellWeights(index, np.ones(index.shape)), np.take_along_axis(distance, index, 1)[:, 0]


def bilinear(
    lat: np.ndarray, lon: np.ndarray, valid: np.ndarray, points: Sequence[np.ndarray]
) -> CellWeights:
    """Return bilinear weights of the four cells around each point of a rectilinear grid.

    Beyond the outermost centres the value is that of the edge. If some of the four are not valid,
    the valid ones share their weight; if none is, the nearest valid cell is used. Arguments as for
    `nearest`.

    Raises
    ------
    UserError
        When lat depends on x, or lon on y.
    """
    rows, columns = _axis(lat, 0), _axis(lon, 1)
    row, down = _lower_neighbour(rows, np.asarray(points[0]))
    column, right = _lower_neighbour(columns, np.asarray(points[1]))
    width = lat.shape[1]
    index = np.stack([(row + i) * width + column + j for i in (0, 1) for j in (0, 1)], axis=1)
    weight = np.stack(
        [np.abs(1 - i - down) * np.abs(1 - j - right) for i in (0, 1) for j in (0, 1)], axis=1
    )
    weight = np.where(valid.ravel()[index], weight, 0.0)
    total = weight.sum(axis=1, keepdims=True)
    fallback, _ = nearest(lat, lon, valid, points)
    index = np.where(total > 0, index, fallback.index)
    first = np.eye(1, 4)
    return CellWeights(index, np.where(total > 0, weight / np.where(total > 0, total, 1.0), first))


def _axis(centres: np.ndarray, along: int) -> np.ndarray:
    axis = centres.take(0, axis=1 - along)
    spread = np.abs(centres - np.expand_dims(axis, 1 - along)).max()
    if spread > SAME_AXIS_DEGREES:
        raise UserError(
            "bilinear values at points need a grid whose rows have one latitude and whose columns "
            "have one longitude: bring the region to such a grid"
        )
    return axis


def _lower_neighbour(axis: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the lower neighbour of each point on an ascending axis, and the fraction above it."""
    position = np.interp(points, axis, np.arange(axis.size))
    lower = np.minimum(position.astype(int), axis.size - 2)
    return lower, position - lower
