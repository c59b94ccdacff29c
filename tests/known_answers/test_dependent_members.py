"""Members that are chosen together gain nothing across separate halves, and are named.

Each cheat has members that are exact samples, cell by cell, or nearly so. Applied inside each half
none scores better than independent members; applied to all members, where the attribute of
separate halves is false, some do, and ranks or the noise of the ensemble mean show it.
"""

import numpy as np
import pytest

from cheating_samplers import (
    MEMBERS,
    Sampler,
    antithetic,
    averaged,
    averages,
    calibrated_leak,
    coherent_strata,
    flatness,
    in_halves,
    independent,
    leaked,
    noise_of_the_mean,
    quasi_random,
    redrawn,
    repeated,
    rescaled,
    shuffled,
    stratified,
    to_the_best,
    within_to_across,
    wrong_strata,
)
from downbench.core.member_halves import are_separate

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


def test_ranks_alone_name_dependent_members_of_a_worse_model() -> None:
    """False halves hide how much worse its distribution is."""
    found = averages(wrong_strata(np.random.default_rng(3), MEMBERS))
    honest = averages(in_halves(wrong_strata, seed=3))
    assert to_the_best(honest)[0] > 1.03 > to_the_best(found)[1]
    assert noise_of_the_mean(found)[0] > 1
    assert flatness(found) < 0.01


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


@pytest.mark.parametrize("cheat", (averaged, leaked, calibrated_leak))
def test_too_sharp_members_and_the_reference_itself_gain_nothing_against_redraws(
    cheat: Sampler,
) -> None:
    found = averages(cheat(np.random.default_rng(3), MEMBERS))
    assert to_the_best(found)[0] > 1


def test_the_redraws_themselves_score_below_the_best() -> None:
    assert to_the_best(averages(redrawn(np.random.default_rng(3), MEMBERS)))[1] < 1


def test_halves_that_are_chosen_against_each_other_are_farther_apart() -> None:
    assert within_to_across(averages(antithetic(np.random.default_rng(3), MEMBERS)))[1] < 1


def test_a_calibrated_leak_gains_against_the_reference_alone() -> None:
    """Without redraws nothing distinguishes it from skill: its ranks are flat."""
    scores = [
        averages(sampler(np.random.default_rng(3), MEMBERS), redraws=False)
        for sampler in (calibrated_leak, independent)
    ]
    assert scores[0]["crps"][0, 0] < 0.7 * scores[1]["crps"][0, 0]
    assert flatness(scores[0]) > 0.01
