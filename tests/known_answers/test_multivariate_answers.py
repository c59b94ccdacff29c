"""Energy, variogram, tail and Brier scores against scoringrules and closed forms."""

import numpy as np
import pytest
import scoringrules

from downbench.scores.geometry import CellPairs
from downbench.scores.metrics.crps import fair_crps
from downbench.scores.metrics.multivariate import energy_score, variogram_score
from downbench.scores.metrics.reliability import fair_brier
from downbench.scores.metrics.tails import threshold_weighted_crps
from scores_fixtures import some_context, some_fields


def draw(size: int = 6, cells: int = 12) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(4)
    return rng.gamma(1.0, 4.0, (size, cells)), rng.gamma(1.0, 4.0, cells)


def test_energy_score_agrees_with_scoringrules() -> None:
    members, truth = draw()
    equal = np.full(12, 1 / 12)
    theirs = scoringrules.es_ensemble(truth, members, estimator="fair") / np.sqrt(12)
    mine = energy_score(members - truth, np.zeros((1, 12)), equal)
    assert mine == pytest.approx(float(theirs))


def test_energy_score_of_one_cell_is_the_crps() -> None:
    members, truth = draw(cells=1)
    crps = fair_crps(members[None, :, :, None], truth[None, :, None]).item()
    assert energy_score(members - truth, np.zeros((1, 1)), np.ones(1)) == pytest.approx(crps)


def test_variogram_score_agrees_with_scoringrules_for_many_members() -> None:
    """Theirs counts each pair twice and is not fair: the difference fades as 1 / M."""
    members, truth = draw(size=4000)
    first, second = np.triu_indices(12, k=1)
    pairs = CellPairs(first, second, np.ones(first.size))
    mine, total = variogram_score(members, truth[None], pairs, np.ones(12, bool))
    theirs = float(scoringrules.vs_ensemble(truth, members, p=0.5)) / 2 / total
    assert mine == pytest.approx(theirs, rel=0.01)


def test_variogram_score_is_fair() -> None:
    """Its mean over many draws does not depend on the number of members."""
    rng = np.random.default_rng(0)
    pairs = CellPairs(np.array([0]), np.array([1]), np.ones(1))
    valid = np.ones(2, bool)

    def mean(size: int) -> float:
        normal = (rng.normal(size=(8000, n, 2)) for n in (size, 1))
        days = zip(*normal, strict=True)
        return np.mean([variogram_score(*day, pairs, valid)[0] for day in days])

    found = [mean(size) for size in (2, 16)]
    assert found[0] == pytest.approx(found[1], abs=0.015)


def test_threshold_weighted_crps_agrees_with_scoringrules() -> None:
    members, truth = draw(cells=256)
    fields = members.reshape(1, 6, 16, 16), truth.reshape(1, 16, 16)
    context = some_context(*fields, "pr")
    mine = threshold_weighted_crps(some_fields(*fields), 5.0, context).ravel()
    theirs = scoringrules.twcrps_ensemble(truth, members.T, a=5.0, estimator="fair")
    np.testing.assert_allclose(mine, theirs, atol=1e-10)


def test_fair_brier_integrates_to_the_fair_crps() -> None:
    members, truth = draw(cells=3)
    threshold = np.linspace(-1, 80, 80_001)
    below = members[:, :, None] >= threshold
    brier = fair_brier(below.mean(axis=0), truth[:, None] >= threshold, len(members))
    crps = fair_crps(members[None, :, None], truth[None, None])[0, 0]
    np.testing.assert_allclose(np.trapezoid(brier, threshold, axis=1), crps, atol=5e-3)
