"""Terrain as the conditional distribution of the synthetic region uses it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr

from downbench.sources.synthetic import foehn
from downbench.sources.synthetic.grid_blocks import GridBlocks, blocks_of
from downbench.sources.synthetic.terrain import slopes_m_per_km


@dataclass(frozen=True)
class Relief:
    """Area means of height [km] and slopes [m km-1] on a grid between fine and coarse."""

    height_km: np.ndarray
    slope_north: np.ndarray
    slope_east: np.ndarray


@dataclass(frozen=True)
class Ground:
    """Terrain of the conditional distribution; all (y, x) float32 except the operators.

    `height_km`, `height_smooth_km` (its block-mean-conserving smooth part), `land`,
    `slope_north`, `slope_east` [m km-1], `block_height_km` (Y, X), `km` grid spacing.
    """

    blocks: GridBlocks
    height_km: np.ndarray
    height_smooth_km: np.ndarray
    block_height_km: np.ndarray
    land: np.ndarray
    slope_north: np.ndarray
    slope_east: np.ndarray
    km: float

    @cached_property
    def _reliefs(self) -> dict[int, Relief]:
        return {}

    def coarsened(self, rows: int) -> Relief:
        """Return relief and slopes on a grid of so many rows."""
        if rows not in self._reliefs:
            fields = (self.height_km, self.slope_north, self.slope_east)
            self._reliefs[rows] = Relief(*(self._means(field, rows) for field in fields))
        return self._reliefs[rows]

    def _means(self, field: np.ndarray, rows: int) -> np.ndarray:
        weight = self.blocks.mean_y.sum(axis=0).astype(field.dtype)
        width = len(weight) // rows
        sums = (field * weight[:, None]).reshape(rows, width, -1, width).sum(axis=(1, 3))
        return sums / (weight.reshape(rows, width).sum(axis=1) * width)[:, None]

    @cached_property
    def descents_km(self) -> np.ndarray:
        """Descent of the air from the crests upwind (directions, y, x) [km]; see `foehn`."""
        return foehn.descents_km(self.height_km, self.km).astype(np.float32)

    @cached_property
    def slope_tensor(self) -> np.ndarray:
        """Mean products (2, 2) of the slopes to the east and north, over their larger one."""
        slopes = np.stack([self.slope_east.ravel(), self.slope_north.ravel()]).astype(np.float64)
        tensor = slopes @ slopes.T
        return tensor / np.linalg.eigvalsh(tensor)[-1]

    def wind_across(self, u: np.ndarray, v: np.ndarray) -> np.ndarray:
        """Return the speed of a wind across the ridges of the region, any shape [m s-1]."""
        (east, mixed), (_, north) = self.slope_tensor
        return np.sqrt(np.maximum(east * u**2 + 2 * mixed * u * v + north * v**2, 0))


def ground(static: xr.Dataset, factor: int, km: float) -> Ground:
    """Return the terrain from `orog` [m], `land` [1] and `cell_area` [m2] on (y, x)."""
    blocks = blocks_of(static.cell_area.values, factor)
    height = static.orog.values.astype(np.float32) / 1000
    block_height = blocks.mean(height)
    north, east = slopes_m_per_km(static.orog.values.astype(np.float32), km)
    return Ground(
        blocks=blocks,
        height_km=height,
        height_smooth_km=blocks.up_conserving(block_height),
        block_height_km=block_height,
        land=static.land.values.astype(np.float32),
        slope_north=north,
        slope_east=east,
        km=km,
    )
