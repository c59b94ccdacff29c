"""Interpolation of a grid to points: nearest valid cell, or bilinear between cell centres."""

from collections.abc import Sequence

import numpy as np
from scipy.spatial import cKDTree

from downbench.core.constants import EARTH_RADIUS_KM
from downbench.core.spatial import curvilinear
from downbench.core.spatial.bilinear import bilinear_weights
from downbench.core.spatial.curvilinear import CellWeights
from downbench.core.spatial.longitudes import around, continuous
from downbench.core.spatial.rectilinear import is_rectilinear
from downbench.core.spatial.sphere import unit_vectors


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
    placed = np.flatnonzero(valid)
    centres = unit_vectors(lat, lon).reshape(-1, 3)[placed]
    chord, index = cKDTree(centres).query(unit_vectors(*map(np.asarray, points)))
    cells = CellWeights(placed[index][:, None], np.ones((index.size, 1)))
    return cells, 2 * EARTH_RADIUS_KM * np.arcsin(chord / 2)


def bilinear(
    lat: np.ndarray, lon: np.ndarray, valid: np.ndarray, points: Sequence[np.ndarray]
) -> CellWeights:
    """Return bilinear weights of the four cells around each point.

    Beyond the outermost centres the value is that of the edge. If some of the four are not valid,
    the valid ones share their weight; if none is, the nearest valid cell is used. Arguments as for
    `nearest`.
    """
    corners = bilinear_weights(*_positions(lat, lon, points), lat.shape)
    weight = np.where(valid.ravel()[corners.index], corners.weight, 0.0)
    total = weight.sum(axis=1, keepdims=True)
    fallback, _ = nearest(lat, lon, valid, points)
    index = np.where(total > 0, corners.index, fallback.index)
    first = np.eye(1, 4)
    return CellWeights(index, np.where(total > 0, weight / np.where(total > 0, total, 1.0), first))


def _positions(
    lat: np.ndarray, lon: np.ndarray, points: Sequence[np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Return rows and columns (point,) [cells], at the nearest cell beyond the outermost centres.

    On a curvilinear grid they are linear in latitude and longitude between three centres.
    """
    north, east = (np.asarray(coordinate) for coordinate in points)
    if is_rectilinear(lat, lon):
        columns = continuous(lon[0])
        axes = ((north, lat[:, 0]), (around(east, float(columns.mean())), columns))
        return tuple(np.interp(places, axis, np.arange(axis.size)) for places, axis in axes)
    between = curvilinear.linear(lat, lon, (north, east))
    closest, _ = nearest(lat, lon, np.ones(lat.shape, bool), points)
    inside = np.isfinite(between.weight).all(axis=1)
    return tuple(
        np.where(inside, between.of(position), closest.of(position))
        for position in np.indices(lat.shape, float)
    )
