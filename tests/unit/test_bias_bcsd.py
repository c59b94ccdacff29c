"""The mathematics of BCSD: quantiles, their map, dry days, anomalies."""

import numpy as np
import pytest

from downbench.bias import bcsd
from downbench.bias.wet_days import drop_trace, lift_dry
from downbench.core.spatial.grids import block_mean

CAP = 3.0


def nodes_of(sample: np.ndarray, intervals: int = 100) -> np.ndarray:
    days = np.zeros(len(sample), int)
    return bcsd.quantile_nodes(sample, days, np.array([0]), 15, intervals)


def mapped(values, source, reference, kind, intervals=100, cap=CAP):
    xs = np.repeat(nodes_of(source, intervals), len(values), axis=0)
    ys = np.repeat(nodes_of(reference, intervals), len(values), axis=0)
    return bcsd.map_quantiles(values, xs, ys, kind, cap)


def series(seed: int, size: int = 400) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(size, 1, 1)).astype(np.float32)


def test_quantiles_are_type_7_and_skip_missing_values() -> None:
    sample = np.random.default_rng(0).normal(size=(101, 2, 2))
    sample[::3, 0, 1] = np.nan
    got = nodes_of(sample, 20)[0]
    np.testing.assert_allclose(
        got, np.nanquantile(sample, np.linspace(0, 1, 21), axis=0), rtol=1e-5, atol=1e-6
    )


def test_a_cell_without_any_value_has_missing_quantiles() -> None:
    sample = np.ones((5, 1, 2))
    sample[:, 0, 1] = np.nan
    got = nodes_of(sample, 4)
    assert np.isfinite(got[..., 0]).all() and np.isnan(got[..., 1]).all()


def test_only_days_within_the_window_are_pooled() -> None:
    sample = np.array([1.0, 2.0, 100.0]).reshape(3, 1, 1)
    got = bcsd.quantile_nodes(sample, np.array([364, 5, 180]), np.array([0]), 15, 2)
    np.testing.assert_allclose(got[0, :, 0, 0], [1.0, 1.5, 2.0])


@pytest.mark.parametrize("kind", ["additive", "multiplicative"])
def test_mapping_a_distribution_onto_itself_is_the_identity(kind) -> None:
    sample = np.abs(series(1))
    beyond = np.array([0.0, 0.5, 50.0], np.float32).reshape(3, 1, 1)
    values = np.concatenate([sample, beyond])
    np.testing.assert_allclose(mapped(values, sample, sample, kind), values, rtol=1e-5, atol=1e-6)


def test_a_planted_shift_is_removed_also_beyond_the_training_range() -> None:
    truth = series(2)
    values = np.array([-9.0, 0.0, 9.0], np.float32).reshape(3, 1, 1)
    got = mapped(values + 2.5, truth + 2.5, truth, "additive")
    np.testing.assert_allclose(got, values, atol=2e-2)


def test_a_planted_factor_is_removed_also_beyond_the_training_range() -> None:
    truth = np.abs(series(3))
    values = np.array([0.3, 1.0, 20.0], np.float32).reshape(3, 1, 1)
    got = mapped(values * 0.5, truth * 0.5, truth, "multiplicative")
    np.testing.assert_allclose(got, values, rtol=1e-3)


def test_the_factor_beyond_the_training_range_is_capped() -> None:
    source, reference = np.abs(series(4)) * 0.01, np.abs(series(4)) * 10
    got = mapped(np.full((1, 1, 1), 5.0, np.float32), source, reference, "multiplicative")
    assert got[0, 0, 0] == pytest.approx(5.0 * CAP)


def test_missing_values_stay_missing() -> None:
    sample = series(5)
    got = mapped(np.full((1, 1, 1), np.nan, np.float32), sample, sample, "additive")
    assert np.isnan(got).all()


@pytest.mark.parametrize("wet_share_driver", [0.2, 0.9])
def test_the_wet_day_share_becomes_that_of_the_reference(wet_share_driver) -> None:
    """T13: for a driver that is too dry and for one that drizzles."""
    rng = np.random.default_rng(6)
    trace = 0.05

    def rain(share: float, seed: int) -> np.ndarray:
        wet = rng.uniform(size=(4000, 1, 1)) < share
        return np.where(wet, 0.1 + rng.gamma(0.8, 5.0, wet.shape), 0.0).astype(np.float32)

    reference, driver, later = rain(0.5, 1), rain(wet_share_driver, 2), rain(wet_share_driver, 3)
    lifted = [lift_dry(r, trace, rng.uniform(size=r.shape)) for r in (reference, driver, later)]
    got = drop_trace(mapped(lifted[2], lifted[1], lifted[0], "multiplicative", 200), trace)

    assert (got > 0).mean() == pytest.approx((reference > 0).mean(), abs=0.03)
    assert got.mean() == pytest.approx(reference.mean(), rel=0.1)


def test_lifting_and_dropping_keep_wet_and_missing_values() -> None:
    rain = np.array([0.0, 0.01, 3.0, np.nan], np.float32)
    lifted = lift_dry(rain, 0.05, np.full(4, 0.5))
    assert 0 < lifted[0] < 0.05 and lifted[2] == 3.0
    np.testing.assert_array_equal(drop_trace(lifted, 0.05), [0.0, 0.0, 3.0, np.nan])


def climatologies(seed: int = 7) -> tuple[np.ndarray, np.ndarray]:
    fine = np.random.default_rng(seed).gamma(2.0, 2.0, size=(3, 8, 8)).astype(np.float32)
    return fine, block_mean(fine, 4)


@pytest.mark.parametrize("kind", ["additive", "multiplicative"])
def test_a_driver_equal_to_its_climatology_gives_the_fine_climatology(kind) -> None:
    fine, coarse = climatologies()
    got = bcsd.disaggregate(coarse, coarse, fine, kind, 0.1, CAP)
    np.testing.assert_allclose(got, fine, rtol=1e-5)


def test_a_uniform_anomaly_moves_every_fine_cell_alike() -> None:
    fine, coarse = climatologies()
    warmer = bcsd.disaggregate(coarse + 3, coarse, fine, "additive", 0.1, CAP)
    wetter = bcsd.disaggregate(coarse * 2, coarse, fine, "multiplicative", 0.1, CAP)
    np.testing.assert_allclose(warmer, fine + 3, rtol=1e-5)
    np.testing.assert_allclose(wetter, fine * 2, rtol=1e-5)


def test_a_dry_climatology_cannot_blow_rain_up() -> None:
    fine, coarse = np.full((1, 4, 4), 0.001, np.float32), np.full((1, 1, 1), 0.001, np.float32)
    got = bcsd.disaggregate(np.full_like(coarse, 50.0), coarse, fine, "multiplicative", 0.1, CAP)
    np.testing.assert_allclose(got, 0.001 * CAP, rtol=1e-5)
