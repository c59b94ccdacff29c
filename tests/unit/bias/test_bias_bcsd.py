"""The mathematics of BCSD: dry days and tails of its correction, anomalies."""

import numpy as np
import pytest
import xarray as xr

import tiny_pairs
from downbench.bias import bcsd, mapping_fit
from downbench.bias.wet_days import drop_trace, lift_dry
from downbench.core.spatial.grids import block_mean
from downbench.labs.baselines.tools import correction
from downbench.labs.baselines.tools.correction import Correction

CAP = tiny_pairs.BCSD["ratio_cap"]
SECTION = correction._section(tiny_pairs.OPTIONS["bcsd"], ["pr"], is_seasonal=True, seed=1)


def corrected(source: np.ndarray, reference: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Rain (days, 1, 1) of one cell after BCSD's correction, fitted on years before."""
    time = xr.date_range("2001-01-01", periods=len(source), freq="D", use_cftime=False)
    later = xr.date_range("2031-01-01", periods=len(values), freq="D", use_cftime=False)
    fit = mapping_fit.fit(dataset(source, time), dataset(reference, time), SECTION, 1)
    return Correction(SECTION, fit).apply(dataset(values, later))["pr"].values


def dataset(rain: np.ndarray, time: xr.DataArray) -> xr.Dataset:
    place = {name: (("Y", "X"), np.zeros((1, 1))) for name in ("lat", "lon")}
    cell = {"pr": (("time", "Y", "X"), rain.astype(np.float32), {"units": "mm day-1"})}
    return xr.Dataset(cell, {"time": time, **place})


def test_the_factor_beyond_the_training_range_is_capped() -> None:
    rain = 1 + np.random.default_rng(4).gamma(2.0, 2.0, size=(1500, 1, 1))
    result = corrected(rain * 0.5, rain * 10, np.full((1, 1, 1), 500.0))
    assert result[0, 0, 0] == pytest.approx(500.0 * CAP)


def test_a_planted_factor_is_removed_also_beyond_the_training_range() -> None:
    rain = 1 + np.random.default_rng(3).gamma(2.0, 2.0, size=(1500, 1, 1))
    values = np.array([2.0, 4.0, 100.0]).reshape(3, 1, 1)
    np.testing.assert_allclose(corrected(rain * 0.5, rain, values * 0.5), values, rtol=1e-3)


@pytest.mark.parametrize("wet_share_driver", [0.2, 0.9])
def test_the_wet_day_share_becomes_that_of_the_reference(wet_share_driver) -> None:
    """T13: for a driver that is too dry and for one that drizzles."""
    rng = np.random.default_rng(6)

    def rain(share: float) -> np.ndarray:
        wet = rng.uniform(size=(4000, 1, 1)) < share
        return np.where(wet, 0.2 + rng.gamma(0.8, 5.0, wet.shape), 0.0)

    reference, driver, later = rain(0.5), rain(wet_share_driver), rain(wet_share_driver)
    result = corrected(driver, reference, later)
    assert (result > 0).mean() == pytest.approx((reference > 0).mean(), abs=0.03)
    assert result.mean() == pytest.approx(reference.mean(), rel=0.1)


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
