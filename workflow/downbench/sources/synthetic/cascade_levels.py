"""What the cascade knows of each level: areas, exposure to the wind, and constants by state."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from downbench.core.config.region.generator_regimes import RainRegimes
from downbench.sources.synthetic.cascade_grid import by_node, kernels
from downbench.sources.synthetic.fine_noise import sides
from downbench.sources.synthetic.ground import Ground

COLUMNS = 3
"""Columns of the tables by level; a region of fewer levels uses the last ones."""


@dataclass(frozen=True)
class Level:
    """One level: n x n nodes, each with 2 x 2 children.

    `share` (4, 1, n, 1): area of a child over that of its node [1]; `lift` (4, days, n, n): log
    share that wind and height give a child; `log_sd`, `wet_logit` (states,).
    """

    share: np.ndarray
    lift: np.ndarray
    log_sd: np.ndarray
    wet_logit: np.ndarray


def levels_of(day: Mapping[str, np.ndarray], surface: Ground, regimes: RainRegimes) -> list[Level]:
    """Return the levels for coarse days (days, Y, X), blocks first."""
    weight = surface.blocks.mean_y.sum(axis=0).astype(np.float32)
    counts = sides(len(weight), surface.blocks.factor)
    return [
        Level(
            share=_shares(weight, count),
            lift=by_node(_lift(day, surface, regimes, 2 * count)),
            log_sd=_column(regimes.log_sd, level - len(counts)),
            wet_logit=_column(regimes.wet_logit, level - len(counts)),
        )
        for level, count in enumerate(counts)
    ]


def day_kernels(day: Mapping[str, np.ndarray], regimes: RainRegimes) -> np.ndarray:
    """Return the weights of neighbours (days, 3, 3): bands along a strong wind."""
    u, v = (day[name].mean(axis=(-2, -1)) for name in ("uas", "vas"))
    speed = np.hypot(u, v)
    return kernels(u, v, regimes.elongation * speed / (speed + regimes.elongation_wind_m_s))


def _column(table: tuple, column: int) -> np.ndarray:
    return np.asarray(table, np.float32)[:, column]


def _shares(weight: np.ndarray, nodes: int) -> np.ndarray:
    of_rows = weight.reshape(nodes, 2, -1).sum(axis=2)
    share = of_rows / of_rows.sum(axis=1, keepdims=True) / 2
    return share.T[[0, 0, 1, 1], None, :, None]


def _lift(
    day: Mapping[str, np.ndarray], surface: Ground, regimes: RainRegimes, rows: int
) -> np.ndarray:
    terrain = surface.coarsened(rows)
    u, v = (_interpolated(day[name], surface, rows) for name in ("uas", "vas"))
    speed_up = u * terrain.slope_east + v * terrain.slope_north
    exposed = np.tanh(speed_up / np.float32(regimes.exposure_scale_m2_km_s))
    lift = np.float32(regimes.height_per_km) * terrain.height_km
    return np.float32(regimes.exposure) * exposed + lift


def _interpolated(coarse: np.ndarray, surface: Ground, rows: int) -> np.ndarray:
    """(days, Y, X) → (days, rows, columns): bilinear, as means over the fine cells."""
    width = len(surface.blocks.up_y) // rows
    along_y, along_x = (
        matrix.reshape(-1, width, matrix.shape[1]).mean(axis=1).astype(coarse.dtype)
        for matrix in (surface.blocks.up_y, surface.blocks.up_x)
    )
    return along_y @ (coarse @ along_x.T)
