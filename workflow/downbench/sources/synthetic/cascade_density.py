"""Exact log density of fine rain given the coarse day and its state, by upward recursion.

With b_n(z) the density of all that lies below node n, given its hidden state z,

    b_n(z) = p(children of n | z) · product over children c of sum_z' P(z' | z) b_c(z').
"""

from collections.abc import Mapping

import numpy as np
from scipy.special import logsumexp

from downbench.core.config.region.generator_regimes import RainRegimes, Table
from downbench.core.config.sources.synthetic import SyntheticTarget
from downbench.sources.synthetic.cascade_grid import TURNS, by_node, child_grid, of_turn
from downbench.sources.synthetic.cascade_levels import Level, day_kernels, levels_of
from downbench.sources.synthetic.cascade_node import log_density, nodes_of, split
from downbench.sources.synthetic.day_regimes import STATES
from downbench.sources.synthetic.ground import Ground


def rain_log_density(
    rain: np.ndarray, day: Mapping[str, np.ndarray], surface: Ground, options: SyntheticTarget
) -> np.ndarray:
    """Return the log density (states, days) of fine rain for each state of the day.

    Parameters
    ----------
    rain : (days, y, x)
        Rain [mm day-1] whose block means are `day["pr"]`; its zeros are exact.
    day
        Coarse day, (days, Y, X).
    """
    regimes, below = options.regimes.rain, None
    levels = levels_of(day, surface, regimes)
    kernel = day_kernels(day, regimes)
    children = rain.astype(np.float64)
    for level in reversed(levels):
        parents = (level.share * by_node(children)).sum(axis=0)
        split_density = _of_splits(parents, children, level, kernel, regimes)
        below = split_density if below is None else split_density + _sum_of_children(below)
        table = regimes.node_states if level is not levels[0] else regimes.block_states
        below, children = _over_states(below, table), parents
    return below.sum(axis=(-2, -1))


def _of_splits(
    parents: np.ndarray,
    children: np.ndarray,
    level: Level,
    kernel: np.ndarray,
    regimes: RainRegimes,
) -> np.ndarray:
    """Return the log density (states, days, n, n) of the split of each node, 0 if it is dry."""
    grid = child_grid(parents, kernel)
    density = np.zeros((STATES, *parents.shape))
    for turn in TURNS:
        nodes = nodes_of(turn, parents, grid, level, np.zeros(parents.shape, int))
        observed = of_turn(by_node(children), turn)
        for state in range(STATES):
            of_state = of_turn(density[state], turn)
            distribution = split(nodes, state, level, regimes)
            of_state[nodes.is_wet] = log_density(observed[:, nodes.is_wet], distribution)
        grid.insert(turn, observed)
    return density


def _sum_of_children(density: np.ndarray) -> np.ndarray:
    return by_node(density).sum(axis=0)


def _over_states(density: np.ndarray, table: Table) -> np.ndarray:
    """Return log sum_z P(z | parent's state) exp(density), by the parent's state."""
    chances = np.log(np.asarray(table))[:, :, None, None, None]
    return logsumexp(chances + density, axis=1)
