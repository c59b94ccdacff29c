"""Planted signals that the baselines must find."""

import numpy as np
import pytest

from downbench.labs.base import Pairs
from tiny_pairs import BCSD, coarse_of, driver, fitted, pairs, target


def test_quantile_mapping_is_the_identity_in_the_perfect_driver() -> None:
    """Fitted in full on a driver that is the block mean of the target, it changes nothing."""
    whole = pairs()
    disguised = Pairs(
        whole.region, whole.target, whole.driver.assign_attrs(driver_type="reanalysis"), None
    )
    correction = fitted("bcsd", disguised).correction
    driver = whole.train_driver.isel(time=slice(0, 400)).load()
    result = correction.apply(driver)
    # Rain below the trace becomes dry.
    for name, atol in (("tas", 1e-5), ("pr", BCSD["trace_mm_day"])):
        np.testing.assert_allclose(result[name], driver[name], rtol=1e-5, atol=atol)


def test_a_cold_and_dry_reanalysis_is_corrected_on_years_it_was_not_fitted_on() -> None:
    """T11: calibrated on 2001-2003, looked at in 2005."""
    whole = pairs("reanalysis")
    test = whole._split(whole.driver, "test")
    truth = coarse_of(
        whole._split(whole.target, "test")["tas"].values, whole.static["cell_area"].values
    )
    rain = coarse_of(
        whole._split(whole.target, "test")["pr"].values, whole.static["cell_area"].values
    )
    corrected = fitted("bcsd", whole).correction.apply(test)
    tas, pr = corrected["tas"].values, corrected["pr"].values
    assert np.nanmean(tas - truth) == pytest.approx(0, abs=0.15)
    assert np.nanmean(test["tas"].values - truth) == pytest.approx(-2, abs=0.01)
    assert np.nanmean(pr) / np.nanmean(rain) == pytest.approx(1, abs=0.1)


def test_bcsd_adds_the_fine_climatology_that_bilinear_cannot_know() -> None:
    """A fixed pattern inside the blocks is recovered; its error is that of the noise alone."""
    fine = target()
    pattern = np.where(np.indices((8, 12)).sum(axis=0) % 2, 4.0, -4.0).astype(np.float32)
    fine["tas"] = (("time", "y", "x"), fine["tas"].values + pattern, {"units": "K"})
    whole = Pairs(pairs().region, fine, driver(fine), None)
    coarse, truth = whole._split(whole.driver, "test"), whole._split(whole.target, "test")["tas"]
    error = {
        family: float(
            np.abs(
                fitted(family, whole).sample(coarse, whole.static, 1, 1)["tas"][:, 0] - truth
            ).mean()
        )
        for family in ("bilinear", "bcsd")
    }
    assert error["bilinear"] > 3.5
    assert error["bcsd"] == pytest.approx(np.sqrt(2 / np.pi), abs=0.08)


def test_climatology_is_calibrated_for_a_stationary_climate() -> None:
    """Ranks of the truth among the members are uniform, up to the noise of one year."""
    whole = pairs()
    members = 9
    coarse = whole._split(whole.driver, "test")
    got = fitted("climatology", whole).sample(coarse, whole.static, members, seed=2)
    truth = whole._split(whole.target, "test")["tas"].values
    ranks = (got["tas"].values < truth[:, None]).sum(axis=1)[np.isfinite(truth)]
    share = np.bincount(ranks, minlength=members + 1) / ranks.size * (members + 1)
    assert np.abs(share - 1).max() < 0.35
    spread = got["tas"].std("member", ddof=1)
    assert float(np.sqrt((spread**2).mean())) == pytest.approx(
        float(np.sqrt(((got["tas"].mean("member") - truth) ** 2).mean()))
        / np.sqrt(1 + 1 / members),
        rel=0.1,
    )
