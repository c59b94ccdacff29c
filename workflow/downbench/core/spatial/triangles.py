"""The triangle of a mesh that holds each point, and the linear weights of its corners."""

import numpy as np
from scipy.spatial import Delaunay, cKDTree

from downbench.core.spatial.rectilinear import ROUNDING


def holding(points: np.ndarray, mesh: Delaunay, usable: np.ndarray) -> np.ndarray:
    """Return the usable triangle that holds each point, (point,) int; -1 where none does.

    A point on the rim of the usable triangles counts as inside, also where it is rounded.

    Parameters
    ----------
    points : (point, 2)
        In the plane of the mesh.
    usable : (triangle,) bool
    """
    triangle = mesh.find_simplex(points)
    outside = (triangle < 0) | ~usable[triangle]
    if outside.any():
        triangle[outside] = _at_nearest_corner(points[outside], mesh, usable)
    return triangle


def weights(points: np.ndarray, mesh: Delaunay, triangle: np.ndarray) -> np.ndarray:
    """Return the weights (…, 3) of the corners of triangles (…) at points (…, 2), with sum 1."""
    transform = mesh.transform[triangle]
    first = np.einsum("...ij,...j->...i", transform[..., :2, :], points - transform[..., 2, :])
    return np.concatenate([first, 1.0 - first.sum(axis=-1, keepdims=True)], axis=-1)


def _at_nearest_corner(points: np.ndarray, mesh: Delaunay, usable: np.ndarray) -> np.ndarray:
    """Return the usable triangle at the nearest corner that holds a point but for rounding."""
    _, corner = cKDTree(mesh.points).query(points)
    triangle = _at_corners(mesh)[corner]
    least = weights(points[:, None], mesh, triangle).min(axis=-1)
    least = np.where((triangle >= 0) & usable[triangle] & np.isfinite(least), least, -np.inf)
    best = least.argmax(axis=1)[:, None]
    nearest = np.take_along_axis(triangle, best, axis=1)[:, 0]
    return np.where(least.max(axis=1) >= -ROUNDING, nearest, -1)


def _at_corners(mesh: Delaunay) -> np.ndarray:
    """Return all triangles at each corner of the mesh, (corner, most) int, filled up with -1."""
    corner = mesh.simplices.ravel()
    order = np.argsort(corner, kind="stable")
    count = np.bincount(corner, minlength=len(mesh.points))
    place = np.arange(order.size) - np.repeat(np.cumsum(count) - count, count)
    table = np.full((count.size, count.max()), -1)
    table[corner[order], place] = order // 3
    return table
