"""Members that are chosen together gain nothing across separate halves, and are named.

Each cheat has members that are exact samples, cell by cell, or nearly so. Applied inside each half
none scores better than independent members; applied to all members, where the attribute of
separate halves is false, some do, and ranks or the noise of the ensemble mean show it.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.special import ndtri

import scores_fixtures
from downbench.core.member_halves import are_separate
from downbench.scores.bootstrap import interval, resample
from downbench.scores.metrics import blocks, crps, dependence, multivariate, patches, ranks
from downbench.scores.paired_fields import fields
from downbench.scores.statistics import Means, means

DAYS, MEMBERS, REDRAWS, SIDE = 80, 16, 8, 16
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


def averages(anomalies: np.ndarray, separate: bool = True) -> Means:
    """Means and replicates of the scores, of members around a mean field that is known."""
    rng = np.random.default_rng(2)
    signal = 285 + 3 * scores_fixtures.smooth_noise(rng, DAYS, 1, SIDE, SIDE).mean((2, 3))
    members, reference = (
        (signal[..., None, None] + values).astype("f4") for values in (anomalies, outcomes())
    )
    context = scores_fixtures.some_context(members, reference[:, 0])
    context = replace(context, separate_halves=separate, factor=8)
    stamps = tuple(map(str, range(DAYS)))
    batch = fields(members, reference[:, 0], np.ones((SIDE, SIDE)), stamps, reference[:, 1:])
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


CHEATS = (stratified, coherent_strata, quasi_random, antithetic, rescaled, repeated, shuffled)


@pytest.mark.parametrize("cheat", CHEATS)
def test_a_cheat_inside_the_halves_gains_nothing_and_is_named(cheat: Sampler) -> None:
    found = averages(in_halves(cheat, seed=3))
    scores = ("crps", "energy_score_patch", "crps_block_maximum")
    assert all(to_the_best(found, name)[1] >= 1 for name in scores)
    lower, upper = within_to_across(found)
    if cheat is repeated:
        assert upper < 1
    elif cheat is shuffled:
        assert noise_of_the_mean(found)[1] < 1 < to_the_best(found, "energy_score_patch")[0]
    else:
        assert lower > 1


@pytest.mark.parametrize("cheat", (stratified, coherent_strata, quasi_random, antithetic))
def test_a_cheat_with_all_members_gains_and_is_named(cheat: Sampler) -> None:
    """Halves that claim to be separate and are not: below the best possible, with uneven ranks."""
    found = averages(cheat(np.random.default_rng(3), MEMBERS))
    assert to_the_best(found)[1] < 1
    assert flatness(found) < 0.01
    assert noise_of_the_mean(found)[1] < 1


def test_independent_members_are_named_by_nothing() -> None:
    found = averages(independent(np.random.default_rng(3), MEMBERS))
    for low, high in (to_the_best(found), within_to_across(found)):
        assert low < 1 < high
    assert noise_of_the_mean(found)[1] > 1
    assert flatness(found) > 0.01


def test_halves_change_no_expectation_and_little_of_the_scatter() -> None:
    """Of 16 independent members: the spread term rests on 64 pairs in place of 120."""
    anomalies = independent(np.random.default_rng(5), MEMBERS)
    across, plain = (averages(anomalies, separate) for separate in (True, False))
    for name in ("crps", "energy_score", "energy_score_patch", "variogram_score"):
        values = [found[name][:, 0] for found in (across, plain)]
        assert values[0][0] == pytest.approx(values[1][0], rel=0.01)
        assert values[0].std() < 1.15 * values[1].std()


@pytest.mark.parametrize(
    "attribute, members, separate",
    [
        ("alternate", 16, True),
        ("alternate", 15, False),
        ("alternate", 2, False),
        (None, 16, False),
    ],
)
def test_halves_need_the_attribute_and_an_even_number(attribute, members, separate) -> None:
    assert are_separate(attribute, members) == separate
