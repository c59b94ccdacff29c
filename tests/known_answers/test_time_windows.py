"""Scores of windows of days: by hand, and on trajectories whose memory is known."""

from functools import cache

import numpy as np
import pytest
import scoringrules

import small_synthetic
from downbench.scores.metrics.crps import fair_crps
from downbench.sources.synthetic import source
from window_scores import (
    ENERGY,
    MEAN,
    averages,
    exchanged,
    oracle_samples,
    series,
    skill,
    statistics,
)

SIDE, DAYS, MEMBERS, REDRAWS = 16, 120, 32, 16


def random_days(days: int, side: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    shape = (days, 6, side, side)
    return rng.gamma(1.0, 4.0, shape), rng.gamma(1.0, 4.0, (days, 1, side, side))


def test_means_over_three_days_are_those_of_the_members_and_no_window_crosses_a_gap() -> None:
    members, outcomes = random_days(8, SIDE)
    gap = np.array([False, True, True, True, False, True, True, True])
    sums = statistics(series(members, outcomes, gap), "pr")[MEAN]
    assert (sums.weight[:, 0] > 0).tolist() == 2 * [False, False, True, True]
    for last in (2, 3, 6, 7):
        days = slice(last - 2, last + 1)
        three = members[days].mean(axis=0)[None], outcomes[days, 0].mean(axis=0)[None]
        assert sums.total[last] / sums.weight[last] == pytest.approx(fair_crps(*three).mean())


def test_a_missing_cell_costs_the_windows_that_need_it() -> None:
    members, outcomes = random_days(4, SIDE)
    outcomes[0, 0, 3, 3] = np.nan
    sums = statistics(series(members, outcomes), "pr")
    assert sums[MEAN].weight[:, 0].tolist() == [0, 0, SIDE**2 - 1, SIDE**2]
    assert np.isfinite(sums[ENERGY].total).all()


def test_energy_score_of_two_days_agrees_with_scoringrules() -> None:
    members, outcomes = random_days(2, SIDE)
    sums = statistics(series(members, outcomes))[ENERGY]
    patches = [
        (members[:, :, y : y + 2, x : x + 2], outcomes[:, 0, y : y + 2, x : x + 2])
        for y in range(0, SIDE, 2)
        for x in range(0, SIDE, 2)
    ]
    theirs = [
        scoringrules.es_ensemble(y.ravel(), np.swapaxes(x, 0, 1).reshape(6, 8), estimator="fair")
        for x, y in patches
    ]
    mine = sums.total[1, 0] / sums.weight[1, 0]
    assert mine == pytest.approx(np.mean(theirs) / np.sqrt(8), rel=1e-5)


@cache
def trajectories(members: int, seed: int) -> dict[str, np.ndarray]:
    """Days of the synthetic region on few cells, with its memory."""
    region = small_synthetic.region(SIDE, 8)
    target = source.target(region)
    driver = source.driver(region, "perfect", target).isel(time=slice(0, DAYS))
    return oracle_samples(region, target, driver, True, members, seed)


@pytest.mark.parametrize("variable", ["pr", "tasmax"])
def test_trajectories_beat_days_without_memory_that_are_the_same_one_by_one(variable: str) -> None:
    members, outcomes = (trajectories(*pair)[variable] for pair in ((MEMBERS, 1), (REDRAWS, 2)))
    sequence, single_days = (
        averages(m, outcomes, variable) for m in (members, exchanged(members))
    )
    for name in (MEAN, ENERGY):
        assert skill(sequence, single_days, name)[1] > 0, name
        best = sequence.scalar(f"{name}_reference")[0]
        assert sequence.scalar(name)[0] == pytest.approx(best, rel=0.02)
    share, *_ = skill(sequence, single_days, "crps")
    assert share == pytest.approx(0, abs=1e-6)
