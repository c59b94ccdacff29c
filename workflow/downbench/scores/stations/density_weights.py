"""Weights of stations in means: the closer the stations, the smaller each weight.

w_i = 1 / Σ_j exp(−(d_ij / L)² / 2), divided by its mean: the inverse of the local density of
stations, estimated with a Gaussian kernel of length L. The n stations at one location have the
total weight of one isolated station.
"""

import numpy as np

from downbench.scores.geometry import distance_km


def density_weights(lat: np.ndarray, lon: np.ndarray, length_km: float) -> np.ndarray:
    """Return weights (station,) with mean 1.

    Parameters
    ----------
    lat, lon : (station,)
        [degrees]
    length_km
        Length L of the kernel [km].
    """
    distance = distance_km(lat[:, None], lon[:, None], lat, lon)
    density = np.exp(-0.5 * (distance / length_km) ** 2).sum(axis=1)
    weight = 1.0 / density
    return weight / weight.mean()
