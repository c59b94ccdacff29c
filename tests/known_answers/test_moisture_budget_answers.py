"""The budget of the synthetic region closes, and what is taken out of it is found again."""

import numpy as np
import pytest
import xarray as xr

import synthetic_region
from downbench.core.spatial.grids import block_mean
from downbench.physics.moisture_budget import budget_rain, cell_area_m2, residual, supply
from downbench.physics.violation_rate import tolerance, violation_rate


def block_rain() -> xr.DataArray:
    """Block means of the fine truth (time, Y, X) [mm day-1]."""
    target, factor = synthetic_region.target(), synthetic_region.region().factor
    mean = block_mean(target["pr"].values.astype("f8"), factor, target["cell_area"].values)
    return synthetic_region.perfect()["pr"].copy(data=mean)


def test_the_budget_of_the_truth_closes():
    driver, rain = synthetic_region.perfect(), block_rain()
    missed = residual(driver, rain)
    assert missed.dims == ("time", "Y", "X")
    size = np.sqrt(float((rain**2).mean()))
    assert float(np.abs(missed).max()) < 1e-6 * max(size, float(rain.max()))
    np.testing.assert_allclose(missed / size, 0, atol=1e-6)


def test_a_leak_of_three_percent_comes_back_as_three_percent():
    """Trap T24: the share of rain that a model loses is the share that the budget misses."""
    driver, rain = synthetic_region.perfect(), block_rain()
    missed = residual(driver, 0.97 * rain)
    assert float(missed.sum() / rain.sum()) == pytest.approx(0.03, rel=1e-6)
    wet = (rain > 1).values
    np.testing.assert_allclose((missed / rain).values[wet], 0.03, rtol=1e-4)
    for percent, wanted in ((2.9, 1.0), (3.1, 0.0)):
        allowed = tolerance(rain.values, 1e-3, percent / 100)
        assert violation_rate(missed.values[wet], allowed[wet]) == wanted


def test_supply_is_the_budget_without_storage():
    driver = synthetic_region.perfect()
    stored = 86400 * driver["prw_tendency"]
    np.testing.assert_allclose(supply(driver) - stored, budget_rain(driver), atol=1e-9)


def test_divergence_of_each_cell_adds_up_to_the_flux_through_the_rim():
    """Gauss: what the cells lose together leaves through the outer faces."""
    driver = synthetic_region.perfect()
    area = cell_area_m2(driver["face_length_east"].values, driver["face_length_north"].values)
    lost = (86400 * driver["evspsbl"] - supply(driver)).values / 86400 * area
    east = (driver["flux_east"] * driver["face_length_east"]).transpose("time", "Y", "X_face")
    north = (driver["flux_north"] * driver["face_length_north"]).transpose("time", "Y_face", "X")
    rim = east.values[..., -1].sum(1) - east.values[..., 0].sum(1)
    rim = rim + north.values[:, -1].sum(1) - north.values[:, 0].sum(1)
    np.testing.assert_allclose(lost.sum(axis=(1, 2)), rim, rtol=1e-9)


def test_areas_of_cells_follow_from_their_faces():
    target, driver = synthetic_region.target(), synthetic_region.perfect()
    fine = target["cell_area"].values.astype("f8")
    wanted = (
        block_mean(fine, synthetic_region.region().factor) * synthetic_region.region().factor ** 2
    )
    found = cell_area_m2(driver["face_length_east"].values, driver["face_length_north"].values)
    np.testing.assert_allclose(found, wanted, rtol=1e-7)
