"""Which cells of a grid make up the value at a point."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Cells:
    """Weights of a few cells of a (y, x) grid at each point.

    index : (point, k) int
        Places in the flattened grid.
    weight : (point, k)
        They sum to 1; a cell of weight 0 does not count even where it is missing. All are NaN at
        a point that the grid says nothing about.
    """

    index: np.ndarray
    weight: np.ndarray

    def of(self, field: np.ndarray) -> np.ndarray:
        """Values (…, point) of a field (…, y, x), in its unit; NaN where a cell is missing."""
        chosen = field.reshape(*field.shape[:-2], -1)[..., self.index]
        return np.where(self.weight == 0, 0.0, chosen * self.weight).sum(axis=-1)
