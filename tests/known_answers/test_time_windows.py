"""Scores of windows of days: by hand, and on trajectories whose memory is known."""

from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
import scoringrules

import scores_fixtures
import small_synthetic
from downbench.core.config.model.families.oracle import OracleOptions
from downbench.labs.base import static_fields
from downbench.labs.baselines import oracle
from downbench.scores.bootstrap import interval, resample
from downbench.scores.day_windows import run_lengths
from downbench.scores.metrics import crps, time_windows
from downbench.scores.metrics.crps import fair_crps
from downbench.scores.paired_fields import PairedFields, fields
from downbench.scores.statistics import Means, Statistics, means
from downbench.sources.synthetic import source

SIDE, DAYS, MEMBERS, REDRAWS = 16, 120, 32, 16
BLOCK_DAYS = 5
MEAN, ENERGY = "crps_window_mean", "energy_score_window"
SCORES = (MEAN, ENERGY)


def series(
    members: np.ndarray, outcomes: np.ndarray, follows: np.ndarray | None = None
) -> PairedFields:
    """Days of (day, n, y, x), of which each follows the one before unless `follows` says no."""
    follows = np.ones(len(members), bool) if follows is None else follows
    stamps, area = tuple(map(str, range(len(members)))), np.ones(members.shape[2:])
    one = fields(members, outcomes[:, 0], area, stamps, outcomes)
    return replace(one, run_days=run_lengths(follows))


def statistics(fine: PairedFields, variable: str = "tasmax", separate: bool = False) -> Statistics:
    context = scores_fixtures.some_context(fine.members, fine.reference, variable)
    context = replace(context, separate_halves=separate)
    return crps.daily(fine, context) | time_windows.daily(fine, context)


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
    model = SimpleNamespace(name="oracle", options=OracleOptions(memory=True))
    pairs = SimpleNamespace(region=region, driver=driver, target=target)
    fitted = oracle.fit(pairs, model, None, 1, None)
    drawn = fitted.sample(driver, static_fields(target), members, seed)
    return {name: drawn[name].values for name in ("pr", "tasmax")}


def averages(members: np.ndarray, variable: str) -> Means:
    outcomes = trajectories(REDRAWS, 2)[variable]
    sums = statistics(series(members, outcomes), variable, separate=True)
    counts = resample(np.arange(DAYS) // BLOCK_DAYS, 300, 1)
    return means(sums, counts, DAYS // BLOCK_DAYS)


def skill(better: Means, worse: Means, name: str) -> tuple[float, float, float]:
    """Share of the score of the worse that the better removes, and its interval."""
    share = 1 - better[name][:, 0] / worse[name][:, 0]
    return float(share[0]), *interval(share, better.blocks, 0.95)


@pytest.mark.parametrize("variable", ["pr", "tasmax"])
def test_trajectories_beat_days_without_memory_that_are_the_same_one_by_one(variable: str) -> None:
    members = trajectories(MEMBERS, 1)[variable]
    sequence, single_days = (averages(m, variable) for m in (members, exchanged(members)))
    for name in SCORES:
        assert skill(sequence, single_days, name)[1] > 0, name
        best = sequence.scalar(f"{name}_reference")[0]
        assert sequence.scalar(name)[0] == pytest.approx(best, rel=0.02)
    share, *_ = skill(sequence, single_days, "crps")
    assert share == pytest.approx(0, abs=1e-6)


def exchanged(members: np.ndarray) -> np.ndarray:
    """Trajectories that change places from day to day, in pairs, so that halves stay halves."""
    rng, count = np.random.default_rng(3), MEMBERS // 2
    pairs = members.reshape(DAYS, count, 2, SIDE, SIDE)
    return np.stack([day[rng.permutation(count)] for day in pairs]).reshape(members.shape)
