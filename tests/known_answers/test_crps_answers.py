"""Fair CRPS against closed forms, the table of biased estimators, and other libraries."""

from dataclasses import replace

import numpy as np
import properscoring
import pytest
import scoringrules
import xarray as xr
from scores.probability import crps_for_ensemble

import scores_fixtures
from downbench.scores.metrics import crps
from downbench.scores.metrics.crps import fair_crps
from downbench.scores.statistics import means

TRUE_CRPS = 1 / np.sqrt(np.pi)


def draw(members: int, cells: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """A perfect Gaussian ensemble (1, member, 1, cell) and its truth (1, 1, cell)."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(1, members, 1, cells)), rng.normal(size=(1, 1, cells))


def rain(members: int, cells: int) -> tuple[np.ndarray, np.ndarray]:
    ensemble, truth = draw(members, cells, seed=3)
    return np.maximum(ensemble - 0.5, 0), np.maximum(truth - 0.5, 0)


@pytest.mark.parametrize(
    ("members", "standard"), [(5, 0.678), (8, 0.633), (10, 0.621), (30, 0.583), (50, 0.575)]
)
def test_expectation_does_not_depend_on_members(members: int, standard: float) -> None:
    """Trap T2: the fair estimator gives 0.564 for any size, the standard one does not."""
    ensemble, truth = draw(members, 40_000)
    assert fair_crps(ensemble, truth).mean() == pytest.approx(TRUE_CRPS, abs=0.01)
    biased = properscoring.crps_ensemble(truth[0, 0, :10_000], ensemble[0, :, 0, :10_000].T)
    assert biased.mean() == pytest.approx(standard, abs=0.015)


@pytest.mark.parametrize("mean", [-1.0, 0.0, 0.3, 2.0])
def test_large_ensemble_gives_the_gaussian_closed_form(mean: float) -> None:
    """Trap T1: 0.269 for N(0, 1) and y = 0.3; a constant 1/π for 1/√π would give 0.515."""
    ensemble = np.random.default_rng(1).normal(size=(1, 200_000, 1, 1))
    found = fair_crps(ensemble, np.full((1, 1, 1), mean)).item()
    assert found == pytest.approx(float(scoringrules.crps_normal(mean, 0.0, 1.0)), abs=0.005)
    if mean == 0.3:
        assert found == pytest.approx(0.269, abs=0.005)


@pytest.mark.parametrize("make", [draw, rain])
def test_agrees_with_scoringrules_and_scores(make) -> None:
    ensemble, truth = make(7, 300)
    mine = fair_crps(ensemble, truth)[0, 0]
    for estimator in ("fair", "pwm"):
        theirs = scoringrules.crps_ensemble(truth[0, 0], ensemble[0, :, 0].T, estimator=estimator)
        np.testing.assert_allclose(mine, theirs, atol=1e-12)
    theirs = crps_for_ensemble(
        xr.DataArray(ensemble[0, :, 0], dims=("member", "cell")),
        xr.DataArray(truth[0, 0], dims="cell"),
        "member",
        method="fair",
        preserve_dims="cell",
    )
    np.testing.assert_allclose(mine, theirs, atol=1e-12)


def test_differs_from_properscoring_by_the_known_term() -> None:
    ensemble, truth = draw(6, 200)
    standard = properscoring.crps_ensemble(truth[0, 0], ensemble[0, :, 0].T)
    error = np.abs(ensemble - truth[:, None]).mean(axis=1)[0, 0]
    np.testing.assert_allclose(
        fair_crps(ensemble, truth)[0, 0], error - (error - standard) * 6 / 5, atol=1e-12
    )


def test_single_member_gives_the_absolute_error() -> None:
    ensemble, truth = draw(1, 50)
    np.testing.assert_allclose(fair_crps(ensemble, truth), np.abs(ensemble[:, 0] - truth))


def test_float32_near_300_kelvin_keeps_four_digits() -> None:
    ensemble, truth = draw(32, 2000)
    warm = fair_crps((ensemble + 300).astype("f4"), (truth + 300).astype("f4"))
    np.testing.assert_allclose(warm, fair_crps(ensemble, truth), atol=2e-4)


def test_every_pooling_factor_has_its_own_crps() -> None:
    """Errors of a chessboard cancel in blocks: only the single cells see them."""
    truth = np.zeros((3, 16, 16))
    board = np.where(np.indices((16, 16)).sum(axis=0) % 2, 1.0, -1.0)
    members = np.broadcast_to(board, (3, 1, 16, 16))
    usual = scores_fixtures.some_context(members, truth)
    for factors in (usual.pooling_factors, (4, 1, 2)):
        context = replace(usual, pooling_factors=factors)
        sums = crps.daily(scores_fixtures.some_fields(members, truth), context)
        rows = crps.rows(means(sums, np.ones((1, 3)), 1), context)
        found = {row.scale: float(row.value[0]) for row in rows}
        assert found == {factor: float(factor == 1) for factor in factors}
