"""Smallest and largest of all values that pass by."""

from dataclasses import dataclass

import numpy as np


@dataclass
class Extremes:
    """Extremes of values, in their own type; NaN until there is a value.

    least, most : of all values but NaN
    """

    least: np.generic = np.float32("nan")
    most: np.generic = np.float32("nan")

    def add(self, values: np.ndarray) -> None:
        """Look at further values of any shape."""
        if values.size:
            self.least = np.fmin(self.least, _smallest(values))
            self.most = np.fmax(self.most, _largest(values))


def _smallest(values: np.ndarray) -> np.generic:
    """Return the smallest value but NaN; only values with NaN take the slower way."""
    least = values.min()
    return np.fmin.reduce(values, axis=None) if np.isnan(least) else least


def _largest(values: np.ndarray) -> np.generic:
    most = values.max()
    return np.fmax.reduce(values, axis=None) if np.isnan(most) else most
