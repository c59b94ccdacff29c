"""Weights of stations in means: stations that stand close together share theirs.

w_i = 1 / Σ_j exp(−(d_ij / L)² / 2), divided by its mean: the inverse of the local density of
stations, estimated with a Gaussian kernel of length L. n stations at one place weigh as much
together as one that stands alone.
"""

import numpy as np

from downbench.scores.geometry import distance_km


def density_weights(lat: np.ndarray, lon: np.ndarray, length_km: float) -> np.ndarray:
    """Weights (station,) with mean 1, from coordinates (station,) [degrees] and L [km]."""
    distance = distance_km(lat[:, None], lon[:, None], lat, lon)
    density = np.exp(-0.5 * (distance / length_km) ** 2).sum(axis=1)
    weight = 1.0 / density
    return weight / weight.mean()
