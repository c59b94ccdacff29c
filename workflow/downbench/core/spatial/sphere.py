"""Points on the unit sphere: vectors, areas between them, and a plane of equal area.

Vectors have neither a pole nor a date line, so grids of any projection are treated alike.
"""

import numpy as np

from downbench.core.constants import EARTH_RADIUS_M


def unit_vectors(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Return unit vectors (…, 3) of points in degrees."""
    north, east = np.radians(lat), np.radians(lon)
    parts = (np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north))
    return np.stack(parts, axis=-1)


def lat_lon(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return latitudes and longitudes (−180 … 180) [degrees] of vectors (…, 3) of any length."""
    x, y, z = np.moveaxis(vectors, -1, 0)
    return np.degrees(np.arctan2(z, np.hypot(x, y))), np.degrees(np.arctan2(y, x))


def normalised(vectors: np.ndarray) -> np.ndarray:
    """Return vectors (…, 3) of length 1 in the same directions."""
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def quadrilateral_areas(corners: np.ndarray) -> np.ndarray:
    """Return areas (y, x) [m2] of cells between great circles, on a sphere of 6371 km radius.

    Parameters
    ----------
    corners : (y + 1, x + 1, 3)
        Unit vectors.
    """
    a, b = corners[:-1, :-1], corners[:-1, 1:]
    c, d = corners[1:, 1:], corners[1:, :-1]
    excess = np.abs(_triangle(a, b, c) + _triangle(a, c, d))
    return EARTH_RADIUS_M**2 * excess


def _triangle(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """Return the signed solid angle of triangles (Van Oosterom and Strackee 1983)."""
    volume = (a * np.cross(b - a, c - a)).sum(axis=-1)
    between = (a * b).sum(axis=-1) + (b * c).sum(axis=-1) + (c * a).sum(axis=-1)
    return 2 * np.arctan2(volume, 1 + between)


def equal_area_plane(vectors: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Return Lambert's azimuthal equal-area coordinates (…, 2) [m] around `centre` (3,)."""
    up = np.array([0.0, 0.0, 1.0]) if abs(centre[2]) < 0.9 else np.array([1.0, 0.0, 0.0])
    east = normalised(np.cross(up, centre))
    axes = np.stack([east, np.cross(centre, east)], axis=-1)
    stretch = np.sqrt(2 / (1 + vectors @ centre))
    return EARTH_RADIUS_M * (vectors @ axes) * stretch[..., None]
