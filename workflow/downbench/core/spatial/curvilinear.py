"""Interpolation from a curvilinear grid, such as a rotated one, to any points.

Neither method needs the grid's projection. Points beyond the outermost cell centres get NaN.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import Delaunay, cKDTree

from downbench.core.spatial import triangles
from downbench.core.spatial.longitudes import around, continuous
from downbench.core.spatial.sphere import unit_vectors

LONGEST_SIDE = 1.7
"""Longest side of a triangle between neighbours, in steps of the grid (a diagonal has 1.4)."""


@dataclass(frozen=True)
class CellWeights:
    """Weights of a few cells of a (y, x) grid at each point.

    Attributes
    ----------
    index : (point, k) int
        Positions in the flattened grid.
    weight : (point, k)
        They sum to 1. A cell of weight 0 does not count even where it is missing. All are NaN at
        a point outside the grid.
    """

    index: np.ndarray
    weight: np.ndarray

    def of(self, field: np.ndarray) -> np.ndarray:
        """Return values (…, point) of a field (…, y, x), in its unit; NaN if a cell is missing."""
        values = field.reshape(*field.shape[:-2], -1)[..., self.index]
        return np.where(self.weight == 0, 0.0, values * self.weight).sum(axis=-1)


def linear(lat: np.ndarray, lon: np.ndarray, points: tuple[np.ndarray, np.ndarray]) -> CellWeights:
    """Return linear weights in triangles of cell centres: exact for a plane in lat and lon.

    Parameters
    ----------
    lat, lon : (y, x)
        Cell centres [degrees]; cells without coordinates (NaN) are left out.
    points
        Latitudes and longitudes (point,) [degrees].
    """
    placed = np.flatnonzero(np.isfinite(lat + lon))
    middle = float(np.nanmean(lat)), float(continuous(points[1]).mean())
    mesh = Delaunay(_plane(lat, lon, middle)[placed])
    usable = _between_neighbours(unit_vectors(lat, lon), placed[mesh.simplices])
    positions = _plane(*points, middle)
    triangle = triangles.holding(positions, mesh, usable)
    weight = triangles.weights(positions, mesh, triangle)
    weight = np.where(np.abs(weight) < 1e-9, 0.0, weight)
    index = placed[mesh.simplices[triangle]]
    return CellWeights(index, np.where(triangle[:, None] < 0, np.nan, weight))


def nearest(
    lat: np.ndarray, lon: np.ndarray, points: tuple[np.ndarray, np.ndarray]
) -> CellWeights:
    """Return the cell whose centre is nearest on the sphere; arguments as for `linear`."""
    placed = np.flatnonzero(np.isfinite(lat + lon))
    centres = unit_vectors(lat, lon).reshape(-1, 3)[placed]
    _, index = cKDTree(centres).query(unit_vectors(*points))
    inside = ~np.isnan(linear(lat, lon, points).weight[:, :1])
    return CellWeights(placed[index][:, None], np.where(inside, 1.0, np.nan))


def _plane(lat: np.ndarray, lon: np.ndarray, middle: tuple[float, float]) -> np.ndarray:
    """Return (point, 2) [degrees of latitude] around a latitude and a longitude."""
    east = around(np.ravel(lon), middle[1]) * np.cos(np.radians(middle[0]))
    return np.stack([np.ravel(lat), east], axis=1)


def _between_neighbours(centres: np.ndarray, index: np.ndarray) -> np.ndarray:
    """Return which triangles (n, 3) of centres (y, x, 3) do not bridge a gap or a bay."""
    steps = (np.linalg.norm(np.diff(centres, axis=axis), axis=-1) for axis in (0, 1))
    largest = max(np.nanmax(step, initial=0.0) for step in steps)
    corners = centres.reshape(-1, 3)[index]
    sides = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=-1)
    return sides.max(axis=1) <= LONGEST_SIDE * largest
