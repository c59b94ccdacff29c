"""Fine rain given the coarse day and its state: a cascade that halves the grid spacing thrice.

Each block gives its rain to four quarters, each of them to four again, down to fine cells. The
split of a node depends on its hidden state, which it has from its parent's, down from the state of
the day. docs/methods/judge.md gives the density.
"""

from collections.abc import Mapping

import numpy as np
from scipy.special import ndtri

from downbench.core.config.region.generator_regimes import RainRegimes
from downbench.core.config.sources.synthetic import SyntheticTarget
from downbench.sources.synthetic.block_correction import exact_ratio
from downbench.sources.synthetic.cascade_grid import TURNS, child_grid, doubled, of_turn
from downbench.sources.synthetic.cascade_levels import Level, day_kernels, levels_of
from downbench.sources.synthetic.cascade_node import children_of, nodes_of, split
from downbench.sources.synthetic.fine_noise import Noise, level_name
from downbench.sources.synthetic.ground import Ground


def fine_rain(
    day: Mapping[str, np.ndarray],
    surface: Ground,
    options: SyntheticTarget,
    state: np.ndarray,
    noise: Noise,
) -> np.ndarray:
    """Return rain (days, y, x) [mm day-1] whose block means are `day["pr"]`.

    Parameters
    ----------
    state : (days,)
        Rain state of each day, as rows of the tables.
    noise
        Noise of the levels, (days, 9, n, n) on its periodic square.
    """
    rain, regimes = day["pr"], options.regimes.rain
    tables = [regimes.block_states, regimes.node_states, regimes.node_states]
    states = state[:, None, None]
    kernel = day_kernels(day, regimes)
    side = options.noise.size // surface.blocks.factor
    for level, table in zip(levels_of(day, surface, regimes), tables, strict=False):
        rows, columns = rain.shape[-2:]
        normals = noise[level_name(side)][..., :rows, :columns]
        states = _next_states(table, states, normals[:, 0])
        rain = _children(rain, level, states, normals[:, 1:], kernel, regimes)
        states, side = doubled(states), 2 * side
    return exact_ratio(rain, day["pr"], surface.blocks)


def _next_states(table: tuple, states: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """Return states that standard normals (days, n, n) choose by rows of a table."""
    bounds = ndtri(np.minimum(np.cumsum(table, axis=1), 1))[:, :-1].astype(np.float32)
    return sum((normal > bound[states]).astype(np.int8) for bound in bounds.T)


def _children(
    parents: np.ndarray,
    level: Level,
    states: np.ndarray,
    noise: np.ndarray,
    kernel: np.ndarray,
    regimes: RainRegimes,
) -> np.ndarray:
    grid = child_grid(parents, kernel)
    for turn in TURNS:
        nodes = nodes_of(turn, parents, grid, level, states)
        distribution = split(nodes, nodes.state, level, regimes)
        normals = np.moveaxis(of_turn(noise, turn), 1, 0)[:, nodes.is_wet]
        children = np.zeros((4, *nodes.is_wet.shape), np.float32)
        children[:, nodes.is_wet] = children_of(nodes, distribution, normals)
        grid.insert(turn, children)
    return grid.children()
