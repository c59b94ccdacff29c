"""Rain of a node given to its four children: which are wet, and how much each gets.

Children are wet independently of each other, but not all are dry. The logarithms of the wet ones'
shares, up to a common constant, are normal about their expectation: a logistic-normal share.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, ndtr

from downbench.core.config.region.generator_regimes import RainRegimes
from downbench.sources.synthetic.cascade_levels import Level

LEAST = np.float32(0.02)
"""Least probability that a child is wet, or dry."""


@dataclass(frozen=True)
class Split:
    """Distribution over the children of nodes, arrays (days, 4, n, m).

    `mean`: expected log share up to a constant; `wet`: probability of rain before the condition
    that not all are dry; `log_sd` (days, 1, n, m), or a number.
    """

    mean: np.ndarray
    wet: np.ndarray
    log_sd: np.ndarray


def split(
    parents: np.ndarray,
    expected: np.ndarray,
    lift: np.ndarray,
    state: np.ndarray,
    level: Level,
    regimes: RainRegimes,
) -> Split:
    """Return the distribution for nodes of rain `parents` (days, n, m) > 0 [mm day-1].

    Parameters
    ----------
    expected : (days, 4, n, m)
        Rain that the neighbourhood suggests for each child [mm day-1].
    lift : (days, 4, n, m)
        Log share that wind and height give.
    state : (days, n, m)
        Hidden state of each node.
    """
    parents, state = parents[:, None], state[:, None]
    mean = np.float32(regimes.gradient) * np.log(expected / parents) + lift
    amount = np.log(parents / np.float32(regimes.amount_scale_mm_day))
    logit = level.wet_logit[state] + np.float32(regimes.wet_amount) * amount
    wet = LEAST + (1 - 2 * LEAST) * expit(logit + np.float32(regimes.wet_gradient) * mean)
    return Split(mean, wet, level.log_sd[state])


def children_of(
    parents: np.ndarray, given: Split, share: np.ndarray, noise: np.ndarray
) -> np.ndarray:
    """Return rain (days, 4, n, m) [mm day-1] by standard normals (days, 8, n, m)."""
    is_wet = _wet_children(given.wet, noise[:, :4])
    log_share = given.mean + given.log_sd * noise[:, 4:]
    weight = np.where(is_wet, np.exp(log_share), np.float32(0))
    return weight * (parents[:, None] / (share * weight).sum(axis=1, keepdims=True))


def log_density(children: np.ndarray, given: Split) -> np.ndarray:
    """Return the log density (days, n, m) of observed children (days, 4, n, m).

    It is a probability of the wet children times a density in the isometric log-ratio coordinates
    of their shares.
    """
    is_wet = children > 0
    count = is_wet.sum(axis=1)
    chance = np.where(is_wet, given.wet, 1 - given.wet)
    log_chance = np.log(chance).sum(axis=1) - np.log(-np.expm1(_log_all_dry(given.wet)))
    difference = np.where(is_wet, np.log(np.where(is_wet, children, 1)) - given.mean, 0)
    centre = difference.sum(axis=1) / np.maximum(count, 1)
    centred = np.where(is_wet, difference - centre[:, None], 0)
    variance = (given.log_sd**2)[:, 0]
    square = (centred**2).sum(axis=1) / variance
    return log_chance - 0.5 * square - 0.5 * (count - 1) * np.log(2 * np.pi * variance)


def _log_all_dry(wet: np.ndarray) -> np.ndarray:
    return np.log1p(-wet).sum(axis=1)


def _wet_children(wet: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """Return which children are wet: one after the other, given that some child must be."""
    uniform, dry = ndtr(normal), 1 - wet
    later = [np.prod(dry[:, child:], axis=1) for child in range(4)]
    any_wet = np.zeros(later[0].shape, bool)
    wet_children = []
    for child in range(4):
        needed = wet[:, child] / (1 - later[child])
        is_wet = uniform[:, child] < np.where(any_wet, wet[:, child], needed)
        # Rounding must not leave all children dry.
        is_wet |= ~any_wet & (child == 3)
        any_wet = any_wet | is_wet
        wet_children.append(is_wet)
    return np.stack(wet_children, axis=1)
