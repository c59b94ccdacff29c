"""Closed CRPS of mixtures of normals (Grimit et al. 2006)."""

import numpy as np
from scipy.special import ndtr


def mixture_crps(
    weights: np.ndarray, means: np.ndarray, sds: np.ndarray, observed: np.ndarray
) -> np.ndarray:
    """Return the CRPS (…) of mixtures whose components lie along the first axis."""
    components = range(len(means))
    distance = sum(
        weights[i] * _mean_distance(observed - means[i], sds[i] ** 2) for i in components
    )
    between = sum(
        weights[i] * weights[j] * _mean_distance(means[i] - means[j], sds[i] ** 2 + sds[j] ** 2)
        for i in components
        for j in components
    )
    return distance - 0.5 * between


def _mean_distance(mean: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Mean absolute value of a normal variable."""
    sd = np.sqrt(variance)
    ratio = mean / sd
    density = np.exp(-0.5 * ratio**2) / np.sqrt(2 * np.pi)
    return 2 * sd * density + mean * (2 * ndtr(ratio) - 1)
