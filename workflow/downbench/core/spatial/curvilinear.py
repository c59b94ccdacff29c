"""Interpolation from a curvilinear grid, such as a rotated one, to any points.

Neither method needs the grid's projection. Points beyond the outermost cell centres get NaN.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import Delaunay, cKDTree

from downbench.core.spatial.longitudes import around, continuous


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
        Cell centres [degrees]; cells without them are left out.
    points
        Latitudes and longitudes (point,) [degrees].
    """
    cells = _located(lat, lon)
    shrink, centre = np.cos(np.radians(np.nanmean(lat))), _centre(points[1])
    mesh = Delaunay(_plane(lat.flat[cells], around(lon.flat[cells], centre), shrink))
    positions = _plane(points[0], around(points[1], centre), shrink)
    triangle = mesh.find_simplex(positions)
    transform = mesh.transform[triangle]
    first = np.einsum("pij,pj->pi", transform[:, :2], positions - transform[:, 2])
    weight = np.concatenate([first, 1.0 - first.sum(axis=1, keepdims=True)], axis=1)
    weight = np.where(np.abs(weight) < 1e-9, 0.0, weight)
    return CellWeights(
        cells[mesh.simplices[triangle]], np.where(triangle[:, None] < 0, np.nan, weight)
    )


def nearest(
    lat: np.ndarray, lon: np.ndarray, points: tuple[np.ndarray, np.ndarray]
) -> CellWeights:
    """Return the cell whose centre is nearest on the sphere; arguments as for `linear`."""
    cells = _located(lat, lon)
    _, index = cKDTree(_sphere(lat.flat[cells], lon.flat[cells])).query(_sphere(*points))
    inside = ~np.isnan(linear(lat, lon, points).weight[:, :1])
    return CellWeights(cells[index][:, None], np.where(inside, 1.0, np.nan))


def _located(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Return the flat positions of the cells that have both coordinates, (cell,)."""
    return np.flatnonzero(np.isfinite(lat) & np.isfinite(lon))


def _centre(lon: np.ndarray) -> float:
    return float(continuous(lon).mean())


def _plane(lat: np.ndarray, lon: np.ndarray, shrink: float) -> np.ndarray:
    return np.stack([np.ravel(lat), np.ravel(lon) * shrink], axis=1)


def _sphere(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Unit vectors (point, 3)."""
    north, east = np.radians(np.ravel(lat)), np.radians(np.ravel(lon))
    parts = (np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north))
    return np.stack(parts, axis=1)
