"""Log density of mixtures of normals."""

import numpy as np
from scipy.special import logsumexp


def mixture_log_density(
    weights: np.ndarray, means: np.ndarray, sds: np.ndarray, observed: np.ndarray
) -> np.ndarray:
    """Return the log density (…) of mixtures whose components lie along the first axis."""
    squares = ((observed - means) / sds) ** 2
    logs = -0.5 * (squares + np.log(2 * np.pi)) - np.log(sds)
    return logsumexp(logs, axis=0, b=weights)
