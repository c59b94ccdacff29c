"""Members that are chosen together or have seen the reference, and the signs that name them.

Members are standard normal anomalies about a mean field. Each cheat returns (day, member, y, x).
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
from scipy.special import ndtri

import scores_fixtures
from downbench.scores.bootstrap import interval, resample
from downbench.scores.metrics import blocks, crps, dependence, multivariate, patches, ranks
from downbench.scores.paired_fields import fields
from downbench.scores.statistics import Means, means

DAYS, MEMBERS, REDRAWS, SIDE = 80, 16, 8, 16
LEAK = 0.8
"""Correlation of a leak with the reference."""
WRONG = 0.4
"""Error of a mean over the sd of the distribution."""
FAMILIES = (crps, blocks, patches, multivariate, dependence, ranks)
Sampler = Callable[[np.random.Generator, int], np.ndarray]


def independent(rng: np.random.Generator, members: int) -> np.ndarray:
    """Standard normal anomalies (day, member, y, x) with correlated neighbours."""
    return scores_fixtures.smooth_noise(rng, DAYS, members, SIDE, SIDE)


def stratified(rng: np.random.Generator, members: int) -> np.ndarray:
    """One member from each stratum of the distribution of a cell, in random order."""
    shape = (DAYS, members, SIDE, SIDE)
    stratum = rng.permuted(np.broadcast_to(np.arange(members)[:, None, None], shape), axis=1)
    return ndtri((stratum + rng.uniform(size=shape)) / members)


def coherent_strata(rng: np.random.Generator, members: int) -> np.ndarray:
    """The same with the order of independent members, so that neighbours vary together."""
    order = independent(rng, members).argsort(axis=1).argsort(axis=1)
    return np.take_along_axis(np.sort(stratified(rng, members), axis=1), order, axis=1)


def wrong_strata(rng: np.random.Generator, members: int) -> np.ndarray:
    """Strata of a distribution whose mean is wrong by noise that all members share."""
    error = independent(np.random.default_rng(9), 1)
    return WRONG * error + coherent_strata(rng, members)


def quasi_random(rng: np.random.Generator, members: int) -> np.ndarray:
    """A lattice of probabilities, shifted at random in each cell."""
    shift = rng.uniform(size=(DAYS, 1, SIDE, SIDE))
    return ndtri((shift + np.arange(members)[:, None, None] / members) % 1)


def antithetic(rng: np.random.Generator, members: int) -> np.ndarray:
    """Pairs of neighbours in the order of members: one in each half if taken of all members."""
    half = independent(rng, members // 2)
    return np.stack([half, -half], axis=2).reshape(DAYS, members, SIDE, SIDE)


def rescaled(rng: np.random.Generator, members: int) -> np.ndarray:
    """A tenth wider about the mean of the members."""
    anomalies = independent(rng, members)
    mean = anomalies.mean(axis=1, keepdims=True)
    return mean + 1.1 * (anomalies - mean)


def repeated(rng: np.random.Generator, members: int) -> np.ndarray:
    half = independent(rng, members // 2)
    return np.concatenate([half, half], axis=1)


def shuffled(rng: np.random.Generator, members: int) -> np.ndarray:
    """The members of each cell in another order: no field is left."""
    return rng.permuted(independent(rng, members), axis=1)


def averaged(rng: np.random.Generator, members: int) -> np.ndarray:
    """Each member is a mean of four samples."""
    return independent(rng, 4 * members).reshape(DAYS, members, 4, SIDE, SIDE).mean(axis=2)


def leaked(rng: np.random.Generator, members: int) -> np.ndarray:
    """The reference itself with noise: each member is an exact sample."""
    return LEAK * outcomes()[:, :1] + np.sqrt(1 - LEAK**2) * independent(rng, members)


def calibrated_leak(rng: np.random.Generator, members: int) -> np.ndarray:
    """Samples of the distribution given the reference with noise of its own in each day."""
    common = leaked(np.random.default_rng(8), 1)
    return LEAK * common + np.sqrt(1 - LEAK**2) * independent(rng, members)


def redrawn(rng: np.random.Generator, members: int) -> np.ndarray:
    """The outcomes of the score, in random order."""
    order = rng.permutation(members) % REDRAWS
    return outcomes()[:, 1:][:, order]


def in_halves(sampler: Sampler, seed: int) -> np.ndarray:
    """The cheat inside each half, with separate random numbers."""
    rng = np.random.default_rng(seed)
    anomalies = np.empty((DAYS, MEMBERS, SIDE, SIDE))
    anomalies[:, ::2], anomalies[:, 1::2] = sampler(rng, MEMBERS // 2), sampler(rng, MEMBERS // 2)
    return anomalies


@cache
def outcomes() -> np.ndarray:
    """The reference and its redraws, (day, 1 + redraw, y, x)."""
    return independent(np.random.default_rng(1), 1 + REDRAWS)


def averages(anomalies: np.ndarray, separate: bool = True, redraws: bool = True) -> Means:
    """Means and replicates of the scores, of members around a mean field that is known."""
    rng = np.random.default_rng(2)
    signal = 285 + 3 * scores_fixtures.smooth_noise(rng, DAYS, 1, SIDE, SIDE).mean((2, 3))
    members, reference = (
        (signal[..., None, None] + values).astype("f4") for values in (anomalies, outcomes())
    )
    context = scores_fixtures.some_context(members, reference[:, 0])
    context = replace(context, separate_halves=separate, factor=8)
    stamps = tuple(map(str, range(DAYS)))
    others = reference[:, 1:] if redraws else None
    batch = fields(members, reference[:, 0], np.ones((SIDE, SIDE)), stamps, others)
    statistics = {k: v for family in FAMILIES for k, v in family.daily(batch, context).items()}
    counts = resample(np.arange(DAYS) // 4, 200, 1)
    return means(statistics, counts, DAYS // 4)


def ratio(found: Means, over: str, under: str, factor: float = 1) -> tuple[float, float]:
    """95 % interval of a ratio of means."""
    values = factor * found[over][:, 0] / found[under][:, 0]
    return interval(values, found.blocks, 0.95)


def to_the_best(found: Means, name: str = "crps") -> tuple[float, float]:
    return ratio(found, name, f"{name}_reference")


def within_to_across(found: Means) -> tuple[float, float]:
    return ratio(found, "distance_within_halves", "distance_across_halves")


def noise_of_the_mean(found: Means) -> tuple[float, float]:
    return ratio(found, "contrast_square", "contrast_variance", MEMBERS)


def flatness(found: Means) -> float:
    return ranks.flatness_p(found["rank"], found.blocks)
