"""Terms of the moisture budget: accepted forms, and what is refused with which fix."""

import numpy as np
import pytest
import xarray as xr

import synthetic_region
from downbench.core.errors import UserError
from downbench.physics import moisture_budget
from downbench.physics.moisture_budget import budget_rain, supply

RATE = {"units": "kg m-2 s-1"}


@pytest.fixture
def driver() -> xr.Dataset:
    return synthetic_region.perfect().isel(time=slice(0, 60)).copy(deep=True)


def archived(driver: xr.Dataset) -> xr.Dataset:
    """The same budget with the archived divergence of each cell."""
    lost = driver["evspsbl"] - supply(driver) / 86400
    return driver.drop_vars(list(moisture_budget.FLUXES)).assign(
        moisture_divergence=lost.assign_attrs(RATE)
    )


def test_a_uniform_flux_has_no_divergence_and_rain_is_what_evaporates() -> None:
    """On a plane of 30 km cells; and 1 kg m-2 of water is 1 mm."""
    length, zero = 30e3, np.zeros((2, 3, 3))
    made_up = xr.Dataset(
        {
            "evspsbl": (("time", "Y", "X"), zero + 2 / 86400, RATE),
            "prw_tendency": (("time", "Y", "X"), zero - 1 / 86400, RATE),
            "flux_east": (("time", "Y", "X_face"), np.full((2, 3, 4), 100.0)),
            "flux_north": (("time", "Y_face", "X"), np.full((2, 4, 3), -50.0)),
            "face_length_east": (("Y", "X_face"), np.full((3, 4), length), {"units": "m"}),
            "face_length_north": (("Y_face", "X"), np.full((4, 3), length), {"units": "m"}),
        },
        {"time": np.array(["2001-01-01", "2001-01-02"], "datetime64[ns]")},
    )
    for name in ("flux_east", "flux_north"):
        made_up[name].attrs["units"] = "kg m-1 s-1"
    np.testing.assert_allclose(budget_rain(made_up), 3.0, rtol=1e-9)
    made_up["flux_east"][:, :, 1:] = 90.0
    converged = 10 * length / length**2 * 86400
    rain = budget_rain(made_up)
    np.testing.assert_allclose(rain[..., 0], 3 + converged, rtol=1e-5)
    np.testing.assert_allclose(rain[..., 1:], 3.0, rtol=1e-9)


def test_archived_divergence_gives_the_same_rain(driver: xr.Dataset) -> None:
    other = archived(driver)
    assert moisture_budget.available(other)
    np.testing.assert_allclose(budget_rain(other), budget_rain(driver), atol=1e-9)


def test_the_tendency_follows_from_the_starts_of_days(driver: xr.Dataset) -> None:
    rain = budget_rain(driver.drop_vars("prw_tendency"))
    np.testing.assert_allclose(rain[:-1], budget_rain(driver)[:-1], atol=1e-9)
    assert np.isnan(rain[-1]).all()


def test_a_gap_of_days_gives_no_tendency_there(driver: xr.Dataset) -> None:
    gappy = driver.drop_vars("prw_tendency").isel(time=[0, 1, 2, 10, 11, 12])
    known = np.isfinite(budget_rain(gappy)).all(dim=("Y", "X"))
    assert known.values.tolist() == [True, True, False, True, True, False]


@pytest.mark.parametrize(
    ("dropped", "missing"),
    [
        (["evspsbl"], ("evspsbl",)),
        (["prw", "prw_tendency"], ("prw_tendency",)),
        (["flux_north"], ("flux_north",)),
        (["face_length_east"], ("face_length_east",)),
    ],
)
def test_a_missing_term_is_named(driver: xr.Dataset, dropped, missing) -> None:
    without = driver.drop_vars(dropped)
    assert moisture_budget.missing_terms(without) == missing
    assert not moisture_budget.available(without)
    with pytest.raises(UserError, match=missing[0]):
        budget_rain(without)


def test_an_undone_budget_is_distinguished_from_none(driver: xr.Dataset) -> None:
    assert moisture_budget.begun(driver.drop_vars("evspsbl"))
    assert not moisture_budget.begun(driver[["pr", "tasmax", "prw", "evspsbl"]])


@pytest.mark.parametrize("name", ["evspsbl", "flux_east", "face_length_north"])
def test_another_unit_is_refused(driver: xr.Dataset, name: str) -> None:
    driver[name].attrs["units"] = "mm day-1"
    with pytest.raises(UserError, match=f"{name}: units are 'mm day-1'"):
        budget_rain(driver)


def test_a_flux_on_another_grid_is_refused(driver: xr.Dataset) -> None:
    centred = driver["flux_east"].isel(X_face=slice(8)).rename(X_face="X")
    with pytest.raises(UserError, match="flux_east.*X_face"):
        budget_rain(driver.drop_vars("flux_east").assign(flux_east=centred))
    short = driver["flux_north"].isel(Y_face=slice(8)).rename(Y_face="Y_short")
    with pytest.raises(UserError, match="flux_north"):
        budget_rain(driver.drop_vars("flux_north").assign(flux_north=short))


@pytest.mark.parametrize("names", [["flux_east"], ["flux_north"], ["flux_east", "flux_north"]])
def test_a_flux_of_the_other_sign_is_refused(driver: xr.Dataset, names: list[str]) -> None:
    for name in names:
        driver[name] = -driver[name].assign_attrs(driver[name].attrs)
        driver[name].attrs["units"] = "kg m-1 s-1"
    with pytest.raises(UserError, match=f"{', '.join(names)}: .*other sign"):
        budget_rain(driver)


def test_other_terms_of_the_other_sign_are_refused(driver: xr.Dataset) -> None:
    other = archived(driver)
    convergence = (-other["moisture_divergence"]).assign_attrs(RATE)
    with pytest.raises(UserError, match="moisture_divergence"):
        budget_rain(other.assign(moisture_divergence=convergence))
    ecmwf = driver.assign(evspsbl=(-driver["evspsbl"]).assign_attrs(RATE))
    with pytest.raises(UserError, match="evspsbl.*ECMWF"):
        budget_rain(ecmwf)
    drying = driver.assign(prw_tendency=(-driver["prw_tendency"]).assign_attrs(RATE))
    with pytest.raises(UserError, match="prw_tendency: differs"):
        budget_rain(drying)
    with pytest.raises(UserError, match="prw_tendency: .*other sign"):
        budget_rain(drying.drop_vars("prw"))


def test_a_time_axis_without_consecutive_days_is_refused(driver: xr.Dataset) -> None:
    with pytest.raises(UserError, match="prw: the time axis"):
        budget_rain(driver.drop_vars("prw_tendency").isel(time=slice(0, None, 5)))


def test_water_at_another_hour_than_the_tendency_is_refused(driver: xr.Dataset) -> None:
    noon = (0.5 * (driver["prw"] + driver["prw"].shift(time=-1))).isel(time=slice(-1))
    noon = noon.assign_attrs(driver["prw"].attrs)
    with pytest.raises(UserError, match="prw_tendency: differs from the steps of prw"):
        budget_rain(driver.isel(time=slice(-1)).assign(prw=noon))
