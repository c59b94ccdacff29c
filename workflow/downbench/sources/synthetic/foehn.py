"""Descent of air in the lee of ridges, for every direction of the wind."""

import numpy as np
from scipy import ndimage

DIRECTIONS = 16
REACH_KM = 24.0
"""Distance upwind within which crests are sought."""
LEAST_KM = 0.2
"""Descent that does not warm."""
SMOOTHING = 0.7
"""Gaussian width of the warming [cells]."""


def descents_km(height_km: np.ndarray, km: float) -> np.ndarray:
    """Return how far air has come down (DIRECTIONS, y, x) [km] from the crests upwind.

    Direction i is that of air that moves towards the azimuth 2 pi i / DIRECTIONS, counted
    counter-clockwise from east. Outside of the domain the rim repeats itself.
    """
    smooth = ndimage.gaussian_filter(height_km, 1.0, mode="nearest")
    rows, columns = np.indices(smooth.shape)
    angles = 2 * np.pi * np.arange(DIRECTIONS) / DIRECTIONS
    steps = np.arange(1, int(REACH_KM / km) + 1)
    highest = [
        np.max([_at(smooth, rows - s * np.sin(a), columns - s * np.cos(a)) for s in steps], axis=0)
        for a in angles
    ]
    descents = np.maximum(np.stack(highest) - height_km - LEAST_KM, 0)
    return ndimage.gaussian_filter(descents, (0, SMOOTHING, SMOOTHING), mode="nearest")


def of_wind(descents: np.ndarray, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Return the descent (days, y, x) for the wind of each day (days,), between directions."""
    position = np.arctan2(v, u) / (2 * np.pi) * DIRECTIONS % DIRECTIONS
    first = np.floor(position).astype(int) % DIRECTIONS
    share = (position % 1).astype(descents.dtype)[:, None, None]
    return (1 - share) * descents[first] + share * descents[(first + 1) % DIRECTIONS]


def _at(field: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    return ndimage.map_coordinates(field, [rows, columns], order=1, mode="nearest")
