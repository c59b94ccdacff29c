"""Block means and interpolation of the weather generator as matrices (trap T19)."""

from dataclasses import dataclass

import numpy as np

from downbench.core.spatial.grids import upsample_bilinear, upsample_nearest


@dataclass(frozen=True)
class GridBlocks:
    """Separable coarsening and interpolation of one grid.

    `mean_y` (Y, y), `mean_x` (X, x): area-weighted block means; `up_y` (y, Y), `up_x` (x, X):
    bilinear interpolation; `undo_y`, `undo_x`: inverses of mean · up.
    """

    factor: int
    mean_y: np.ndarray
    mean_x: np.ndarray
    up_y: np.ndarray
    up_x: np.ndarray
    undo_y: np.ndarray
    undo_x: np.ndarray

    def mean(self, field: np.ndarray) -> np.ndarray:
        """(…, y, x) → (…, Y, X): the same numbers as `core.spatial.grids.block_mean`."""
        return self.mean_y.astype(field.dtype) @ (field @ self.mean_x.T.astype(field.dtype))

    def up(self, coarse: np.ndarray) -> np.ndarray:
        """(…, Y, X) → (…, y, x), bilinear."""
        return self.up_y.astype(coarse.dtype) @ (coarse @ self.up_x.T.astype(coarse.dtype))

    def up_conserving(self, coarse: np.ndarray) -> np.ndarray:
        """Piecewise bilinear field (…, y, x) whose block means are `coarse`."""
        undo_y, undo_x = self.undo_y.astype(coarse.dtype), self.undo_x.astype(coarse.dtype)
        return self.up(undo_y @ coarse @ undo_x.T)

    def nearest(self, coarse: np.ndarray) -> np.ndarray:
        """(…, Y, X) → (…, y, x), each block constant."""
        return upsample_nearest(coarse, self.factor)


def blocks_of(cell_area: np.ndarray, factor: int) -> GridBlocks:
    """Return the operators of a grid whose cell areas (y, x) [m2] vary along y only."""
    rows, columns = (n // factor for n in cell_area.shape)
    height = cell_area[:, 0].astype(np.float64)
    mean_y = np.repeat(np.eye(rows), factor, axis=1) * height
    mean_y /= mean_y.sum(axis=1, keepdims=True)
    mean_x = np.repeat(np.eye(columns), factor, axis=1) / factor
    up_y = upsample_bilinear(np.eye(rows)[:, :, None], factor)[:, :, 0].T
    up_x = upsample_bilinear(np.eye(columns)[:, None, :], factor)[:, 0, :].T
    undo_y, undo_x = np.linalg.inv(mean_y @ up_y), np.linalg.inv(mean_x @ up_x)
    return GridBlocks(factor, mean_y, mean_x, up_y, up_x, undo_y, undo_x)
