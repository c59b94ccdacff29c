"""What the cascade knows of each level: areas, exposure to the wind, and constants by state."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from downbench.core.config.region.generator_regimes import RainRegimes
from downbench.sources.synthetic.cascade_grid import by_node
from downbench.sources.synthetic.fine_noise import sides
from downbench.sources.synthetic.ground import Ground

COLUMNS = 3
"""Columns of the tables by level; a region of fewer levels uses the last ones."""


@dataclass(frozen=True)
class Level:
    """One level: n x n nodes, each with 2 x 2 children.

    `share` (1, 4, n, 1): area of a child over that of its node [1]; `lift` (days, 4, n, n): log
    share that wind and height give a child; `log_sd`, `wet_logit` (states,).
    """

    share: np.ndarray
    lift: np.ndarray
    log_sd: np.ndarray
    wet_logit: np.ndarray


def levels_of(
    day: Mapping[str, np.ndarray], surface: Ground, regimes: RainRegimes
) -> list[Level]:
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


def means(field: np.ndarray, surface: Ground, rows: int) -> np.ndarray:
    """Return the area means of a fine field (…, y, x) on a grid of so many rows."""
    weight = surface.blocks.mean_y.sum(axis=0).astype(field.dtype)
    width = len(weight) // rows
    weighted = (field * weight[:, None]).reshape(*field.shape[:-2], rows, width, -1, width)
    return weighted.sum(axis=(-3, -1)) / (weight.reshape(rows, width).sum(axis=1) * width)[:, None]


def _column(table: tuple, column: int) -> np.ndarray:
    return np.asarray(table, np.float32)[:, column]


def _shares(weight: np.ndarray, nodes: int) -> np.ndarray:
    of_rows = weight.reshape(nodes, 2, -1).sum(axis=2)
    share = of_rows / of_rows.sum(axis=1, keepdims=True) / 2
    return share.T[None, [0, 0, 1, 1], :, None]


def _lift(
    day: Mapping[str, np.ndarray], surface: Ground, regimes: RainRegimes, rows: int
) -> np.ndarray:
    east, north, height = (
        means(field, surface, rows)
        for field in (surface.slope_east, surface.slope_north, surface.height_km)
    )
    u, v = (means(surface.blocks.up(day[name]), surface, rows) for name in ("uas", "vas"))
    exposed = np.tanh((u * east + v * north) / np.float32(regimes.exposure_scale_m2_km_s))
    return np.float32(regimes.exposure) * exposed + np.float32(regimes.height_per_km) * height
