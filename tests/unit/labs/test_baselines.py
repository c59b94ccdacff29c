"""What all baselines keep: the protocol, the mask, one seed per day, the bundle."""

from importlib import import_module

import numpy as np
import pytest
import xarray as xr

from downbench.core.errors import UserError
from downbench.labs.base import Pairs
from tiny_pairs import OPTIONS, coarse_of, fitted, model, pairs

MEMBERS = 6
DETERMINISTIC = ("bilinear", "bcsd")


def coarse_days(whole: Pairs, days: slice = slice(0, 20)) -> xr.Dataset:
    return whole._split(whole.driver, "test").isel(time=days)


@pytest.mark.parametrize("driver_type", ["perfect", "reanalysis"])
@pytest.mark.parametrize("by", ["year", "event"])
@pytest.mark.parametrize("family", OPTIONS)
def test_samples_keep_names_dims_mask_and_range(family, by, driver_type) -> None:
    whole = pairs(driver_type, by)
    got = fitted(family, whole).sample(coarse_days(whole), whole.static, MEMBERS, seed=3)
    truth = whole.train_target
    assert list(got.data_vars) == ["pr", "tas"]
    for name in got.data_vars:
        assert got[name].dims == ("time", "member", "y", "x")
        assert got[name].dtype == np.float32
        assert got.sizes["member"] == (1 if family in DETERMINISTIC else MEMBERS)
        always = np.isnan(truth[name]).all("time").values
        np.testing.assert_array_equal(
            np.isnan(got[name].values), np.broadcast_to(always, got[name].shape)
        )
    assert float(got["pr"].min()) >= 0
    assert ("event" in got.coords) == (by == "event")


@pytest.mark.parametrize("family", OPTIONS)
def test_a_saved_baseline_samples_the_same_whatever_the_batch(family, tmp_path) -> None:
    whole = pairs("reanalysis")
    trained = fitted(family, whole)
    trained.save(tmp_path)
    read = import_module(f"downbench.labs.baselines.{family}").load(model(family), tmp_path)
    at_once = trained.sample(coarse_days(whole), whole.static, MEMBERS, seed=3)
    part = read.sample(coarse_days(whole, slice(7, 12)), whole.static, MEMBERS, seed=3)
    for name in at_once.data_vars:
        np.testing.assert_array_equal(at_once[name].values[7:12], part[name].values)


@pytest.mark.parametrize("family", ["climatology", "bcsd_analog"])
def test_other_seeds_days_and_members_draw_other_fields(family) -> None:
    """T20: no frozen noise."""
    whole = pairs()
    trained = fitted(family, whole)
    one = trained.sample(coarse_days(whole), whole.static, MEMBERS, seed=3)["tas"].values
    two = trained.sample(coarse_days(whole), whole.static, MEMBERS, seed=4)["tas"].values
    assert not np.array_equal(one, two, equal_nan=True)
    anomalies = one - one[:, :1]
    assert not np.allclose(anomalies[0], anomalies[1], equal_nan=True)
    assert len({member.tobytes() for member in one[0]}) == MEMBERS


@pytest.mark.parametrize("family", OPTIONS)
def test_nothing_but_the_training_years_is_looked_at(family) -> None:
    """T9: other test and validation years leave the fit unchanged."""
    whole = pairs("reanalysis")
    later = whole.target["time"].dt.year > 2003
    scrambled = whole.target.assign(
        {name: whole.target[name].where(~later, 250.0) for name in ("pr", "tas")}
    )
    other = Pairs(whole.region, scrambled, whole.driver, None)
    fits = [
        fitted(family, p).sample(coarse_days(whole), whole.static, 2, 1) for p in (whole, other)
    ]
    for name in ("pr", "tas"):
        np.testing.assert_array_equal(fits[0][name].values, fits[1][name].values)


@pytest.mark.parametrize("family", ["bilinear", "bcsd", "bcsd_analog"])
def test_a_driver_without_a_variable_is_reported(family) -> None:
    whole = pairs()
    trained = fitted(family, whole)
    with pytest.raises(UserError, match="no variable 'tas'"):
        trained.sample(coarse_days(whole).drop_vars("tas"), whole.static, 2, 1)


def test_a_bundle_without_its_file_is_reported(tmp_path) -> None:
    with pytest.raises(UserError, match="weights.safetensors"):
        import_module("downbench.labs.baselines.bcsd").load(model("bcsd"), tmp_path)


@pytest.mark.parametrize("family", ["climatology", "bcsd", "bcsd_analog"])
def test_a_season_that_was_never_trained_is_reported(family) -> None:
    whole = pairs()
    winter = whole.target["time"].dt.month.isin([12, 1, 2])
    only = Pairs(
        whole.region, whole.target.isel(time=winter), whole.driver.isel(time=winter), None
    )
    july = whole.driver.sel(time="2005-07")
    with pytest.raises(UserError, match="season"):
        fitted(family, only).sample(july, whole.static, 2, 1)


def test_bilinear_is_the_driver_where_it_is_uniform() -> None:
    whole = pairs()
    flat = coarse_days(whole)
    flat = flat.assign(tas=flat["tas"] * 0 + 281.5, pr=flat["pr"] * 0 + 4)
    got = fitted("bilinear", whole).sample(flat, whole.static, MEMBERS, seed=1)
    assert np.nanmax(np.abs(got["tas"].values - 281.5)) < 1e-4
    assert np.nanmax(np.abs(got["pr"].values - 4)) < 1e-5


def test_climatology_draws_days_of_the_season_without_repeats() -> None:
    whole = pairs()
    got = fitted("climatology", whole).sample(coarse_days(whole), whole.static, 80, seed=1)
    past = whole.train_target["tas"].values[:, -1]
    days = whole.train_target["time"].dt.dayofyear.values
    distance = np.abs(got["tas"].values[0, :, None, -1] - past).max(axis=-1)
    origin = distance.argmin(axis=1)
    apart = np.minimum(days[origin] - 1, 366 - days[origin])
    assert distance.min(axis=1).max() < 0.02
    assert apart.max() <= 16
    assert len(set(origin)) == 80


def test_a_smaller_library_keeps_as_many_days_as_asked() -> None:
    whole = pairs()
    trained = fitted("climatology", whole, library_days=200)
    assert len(trained.days.days) == 200


@pytest.mark.parametrize("analogs", ["nearest", "random"])
def test_analogs_keep_the_drivers_block_means_in_the_perfect_driver(analogs) -> None:
    whole = pairs()
    trained = fitted("bcsd_analog", whole, analogs=analogs)
    coarse = coarse_days(whole)
    got = trained.sample(coarse, whole.static, MEMBERS, seed=1)
    area = whole.static["cell_area"].values
    for name, tolerance in (("pr", 1e-4), ("tas", 1e-3)):
        found = coarse_of(got[name].values, area)
        wanted = np.broadcast_to(coarse[name].values[:, None], found.shape)
        np.testing.assert_allclose(found, wanted, atol=tolerance, rtol=1e-5)
