"""Rain of a node given to its four children: which are wet, and how much each gets.

Children are wet independently of each other, but not all are dry. The logarithms of the wet ones'
shares, up to a common constant, are normal about their expectation: a logistic-normal share.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, ndtr

from downbench.core.config.region.generator_regimes import RainRegimes
from downbench.sources.synthetic.cascade_grid import ChildGrid, of_turn
from downbench.sources.synthetic.cascade_levels import Level

LEAST = np.float32(0.002)
"""Least probability that a child is wet, or dry."""


@dataclass(frozen=True)
class Nodes:
    """Wet nodes of one turn.

    `is_wet` (days, n, m) says where they are; `rain` [mm day-1], `state` (nodes,); `expected`
    [mm day-1], what the neighbourhood suggests, `lift`, the log share that wind and height give,
    and `share` of the area (4, nodes).
    """

    is_wet: np.ndarray
    rain: np.ndarray
    state: np.ndarray
    expected: np.ndarray
    lift: np.ndarray
    share: np.ndarray


@dataclass(frozen=True)
class Split:
    """Distribution over the children of nodes, arrays (4, nodes).

    `mean`: expected log share up to a constant; `wet`: probability of rain before the condition
    that not all are dry; `log_sd` (nodes,) or a number.
    """

    mean: np.ndarray
    wet: np.ndarray
    log_sd: np.ndarray


def nodes_of(
    turn: tuple[int, int], parents: np.ndarray, grid: ChildGrid, level: Level, states: np.ndarray
) -> Nodes:
    """Return the wet nodes of a turn, of all `parents` (days, n, n), `states` likewise."""
    rain = of_turn(parents, turn)
    is_wet = rain > 0
    share = np.broadcast_to(level.share[:, :, turn[0] :: 2], (4, *rain.shape))
    return Nodes(
        is_wet=is_wet,
        rain=rain[is_wet],
        state=of_turn(states, turn)[is_wet],
        expected=grid.expected(turn)[:, is_wet],
        lift=of_turn(level.lift, turn)[:, is_wet],
        share=share[:, is_wet],
    )


def split(nodes: Nodes, state: np.ndarray | int, level: Level, regimes: RainRegimes) -> Split:
    """Return the distribution for nodes in a hidden state, one for all or (nodes,)."""
    mean = np.float32(regimes.gradient) * np.log(nodes.expected / nodes.rain) + nodes.lift
    amount = np.log(nodes.rain / np.float32(regimes.amount_scale_mm_day))
    logit = level.wet_logit[state] + np.float32(regimes.wet_amount) * amount
    wet = LEAST + (1 - 2 * LEAST) * expit(logit + np.float32(regimes.wet_gradient) * mean)
    return Split(mean, wet, level.log_sd[state])


def children_of(nodes: Nodes, distribution: Split, noise: np.ndarray) -> np.ndarray:
    """Return rain (4, nodes) [mm day-1] of children by standard normals (8, nodes)."""
    is_wet = _wet_children(distribution.wet, noise[:4])
    log_share = distribution.mean + distribution.log_sd * noise[4:]
    weight = np.where(is_wet, np.exp(log_share), np.float32(0))
    return weight * (nodes.rain / (nodes.share * weight).sum(axis=0))


def log_density(children: np.ndarray, distribution: Split) -> np.ndarray:
    """Return the log density (nodes,) of observed children (4, nodes).

    It is a probability of the wet children times a density in the isometric log-ratio coordinates
    of their shares.
    """
    is_wet = children > 0
    count = is_wet.sum(axis=0)
    chance = np.log(np.where(is_wet, distribution.wet, 1 - distribution.wet)).sum(axis=0)
    any_wet = np.log(-np.expm1(np.log1p(-distribution.wet).sum(axis=0)))
    difference = np.where(is_wet, np.log(np.where(is_wet, children, 1)) - distribution.mean, 0)
    centred = np.where(is_wet, difference - difference.sum(axis=0) / count, 0)
    variance = distribution.log_sd**2
    square = (centred**2).sum(axis=0) / variance
    return chance - any_wet - 0.5 * (square + (count - 1) * np.log(2 * np.pi * variance))


def _wet_children(wet: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """Return which children are wet: one after the other, given that some child must be."""
    uniform, dry = ndtr(normal), 1 - wet
    later = np.cumprod(dry[::-1], axis=0)[::-1]
    any_wet = np.zeros(wet.shape[1:], bool)
    is_wet = np.empty(wet.shape, bool)
    for child in range(4):
        needed = np.where(any_wet, wet[child], wet[child] / (1 - later[child]))
        is_wet[child] = uniform[child] < needed
        any_wet |= is_wet[child]
    # Rounding must not leave all children dry.
    is_wet[3] |= ~any_wet
    return is_wet
