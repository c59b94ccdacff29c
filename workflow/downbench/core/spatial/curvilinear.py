"""From the cells of a curvilinear grid, such as a rotated one, to any points.

Neither way needs the grid's projection. Points beyond the outermost cell centres get nothing.
"""

import numpy as np
from scipy.spatial import Delaunay, cKDTree

from downbench.core.cells import Cells


def linear(lat: np.ndarray, lon: np.ndarray, points: tuple[np.ndarray, np.ndarray]) -> Cells:
    """Linear in each triangle of neighbouring cell centres: exact for a plane in lat and lon.

    Parameters
    ----------
    lat, lon : (y, x)
        Cell centres [degrees], not across the date line.
    points
        Latitudes and longitudes (point,) [degrees].
    """
    shrink = np.cos(np.radians(lat.mean()))
    mesh = Delaunay(_plane(lat, lon, shrink))
    wanted = _plane(*points, shrink)
    triangle = mesh.find_simplex(wanted)
    transform = mesh.transform[triangle]
    first = np.einsum("pij,pj->pi", transform[:, :2], wanted - transform[:, 2])
    weight = np.concatenate([first, 1.0 - first.sum(axis=1, keepdims=True)], axis=1)
    weight = np.where(np.abs(weight) < 1e-9, 0.0, weight)
    return Cells(mesh.simplices[triangle], np.where(triangle[:, None] < 0, np.nan, weight))


def nearest(lat: np.ndarray, lon: np.ndarray, points: tuple[np.ndarray, np.ndarray]) -> Cells:
    """The cell whose centre is nearest on the sphere; arguments as for `linear`."""
    _, index = cKDTree(_sphere(lat, lon)).query(_sphere(*points))
    inside = ~np.isnan(linear(lat, lon, points).weight[:, :1])
    return Cells(index[:, None], np.where(inside, 1.0, np.nan))


def _plane(lat: np.ndarray, lon: np.ndarray, shrink: float) -> np.ndarray:
    return np.stack([np.ravel(lat), np.ravel(lon) * shrink], axis=1)


def _sphere(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Unit vectors (point, 3)."""
    north, east = np.radians(np.ravel(lat)), np.radians(np.ravel(lon))
    parts = (np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north))
    return np.stack(parts, axis=1)
