"""Terrain as the conditional distribution of the synthetic region uses it."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.sources.synthetic.grid_blocks import GridBlocks, blocks_of
from downbench.sources.synthetic.terrain import slopes_m_per_km


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
