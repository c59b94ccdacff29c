"""Fit and map of data sets: bad input by name, what the artefact says, nothing left to chance."""

import json

import numpy as np
import pytest
import xarray as xr

import coarse_series
from downbench.bias import by_cell, mapping_apply, mapping_fit
from downbench.core.errors import UserError
from downbench.core.io import stores
from downbench.steps import correct_driver, fit_correction

AT = coarse_series.time(1991, 6)


def run(seed: int, at: xr.DataArray = AT, side: int = 3) -> xr.Dataset:
    fields = {
        "pr": coarse_series.rain(at, seed, cells=side),
        "tas": coarse_series.temperature(at, seed, cells=side),
    }
    return coarse_series.series(at, **fields).assign_attrs(driver_type="gcm", frequency="day")


@pytest.fixture(scope="module")
def both() -> list[xr.Dataset]:
    return [run(1), run(2)]


def test_the_fit_tells_its_years_and_blocks(both) -> None:
    fitted = mapping_fit.fit(*both, coarse_series.mapping(cross_fit_blocks=3), 1)
    assert json.loads(fitted.attrs["fit_years"]) == list(range(1991, 1997))
    assert json.loads(fitted.attrs["blocks"]) == [[1991, 1992], [1993, 1994], [1995, 1996]]
    assert fitted.sizes["fit"] == 4
    assert dict(fitted.tas_source.attrs) == {"units": "K"}


def test_a_winter_belongs_to_the_year_of_its_january(both) -> None:
    mapping = coarse_series.mapping(calibration_years=(1993,))
    fitted = mapping_fit.fit(*both, mapping, 12)
    december = both[1].sel(time=slice("1992-12-01", "1993-11-30"))
    again = mapping_fit.fit(both[0], december, mapping, 12)
    np.testing.assert_array_equal(fitted.tas_reference, again.tas_reference)


def test_parts_of_the_grid_give_the_same_numbers_as_the_whole(both, monkeypatch) -> None:
    def mapped() -> xr.Dataset:
        mapping = coarse_series.mapping(cross_fit_blocks=3)
        return mapping_apply.apply(both[0], mapping_fit.fit(*both, mapping, 1), mapping, "model")

    whole = mapped()
    monkeypatch.setattr(by_cell, "BYTES_AT_ONCE", 1)
    xr.testing.assert_identical(whole, mapped())


def test_the_seed_moves_traces_alone(both) -> None:
    dry = [
        mapping_fit.fit(*both, coarse_series.mapping(seed=seed), 1).pr_source.values
        for seed in (1, 1, 2)
    ]
    np.testing.assert_array_equal(dry[0], dry[1])
    changed = dry[0] != dry[2]
    assert changed.any() and (dry[0][changed] < 0.3).all()


def test_few_wet_days_leave_rain_raw_and_are_reported(both) -> None:
    arid = both[0].copy(deep=True)
    arid["pr"][:, 0, 0] = np.where(np.arange(AT.size) % 50 == 0, 5.0, 0.04)
    mapping = coarse_series.mapping()
    fitted = mapping_fit.fit(arid, both[1], mapping, 1)
    message = fitted.pr_passed.isel(fit=0)
    assert message[:, 0, 0].all() and not message[:, 1, 1].any()
    got = mapping_apply.apply(arid, fitted, mapping, "model")
    np.testing.assert_array_equal(got.pr[:, 0, 0], arid.pr[:, 0, 0])


def test_few_days_leave_any_variable_raw(both) -> None:
    gaps = both[0].copy(deep=True)
    gaps["tas"][60:, 0, 0] = np.nan
    fitted = mapping_fit.fit(gaps, both[1], coarse_series.mapping(), 1)
    passed = fitted.tas_passed.isel(fit=0)
    assert passed[:3, 0, 0].all() and not passed[:, 1, 1].any()
    got = mapping_apply.apply(gaps, fitted, coarse_series.mapping(), "model")
    np.testing.assert_array_equal(got.tas[:30, 0, 0], gaps.tas[:30, 0, 0])
    assert (got.tas[:30, 1, 1] != gaps.tas[:30, 1, 1]).any()


@pytest.mark.parametrize("name", ["pr", "tas"])
def test_a_map_that_maps_nothing_stops(name, tmp_path) -> None:
    one_year = [run(seed, coarse_series.time(1991, 1)) for seed in (1, 2)]
    kind = {"pr": "multiplicative", "tas": "additive"}[name]
    mapping = coarse_series.mapping(variables={name: kind})
    part = mapping_fit.prepare(*one_year, mapping, 1).fit(name)
    with pytest.raises(UserError, match=f"{name}: 225 of 225 cells .*nothing would be corrected"):
        fit_correction._append(part, tmp_path / "fit.nc")
    nowhere = one_year[1].assign({name: one_year[1][name] * np.nan})
    nowhere[name].attrs = one_year[1][name].attrs
    part = mapping_fit.prepare(one_year[0], nowhere, mapping, 1).fit(name)
    with pytest.raises(UserError, match=f"{name}: no cell has values of the run and of the ref"):
        fit_correction._append(part, tmp_path / "fit.nc")
    enough = mapping.model_copy(update={"least_days": 31})
    fit_correction._append(mapping_fit.prepare(*one_year, enough, 1).fit(name), tmp_path / "f.nc")


def test_a_season_that_the_truth_has_not_is_named(both) -> None:
    winters = both[1].isel(time=np.isin(AT.dt.month.values, (12, 1, 2)))
    mapping = coarse_series.mapping()
    fitted = mapping_fit.fit(both[0], winters, mapping, 12)
    with pytest.raises(UserError, match="the first on 1991-03-.*season.*cut the run"):
        mapping_apply.apply(both[0], fitted, mapping, "model")
    same = both[0].isel(time=np.isin(AT.dt.month.values, (12, 1, 2)))
    assert mapping_apply.apply(same, fitted, mapping, "model").notnull().all()["tas"]


def test_wrong_grids_units_and_variables_are_named(both) -> None:
    mapping = coarse_series.mapping()
    fitted = mapping_fit.fit(*both, mapping, 1)
    elsewhere = both[0].assign_coords(lon=both[0]["lon"] + 0.5)
    with pytest.raises(UserError, match="lon differs.*coarse grid"):
        mapping_fit.fit(elsewhere, both[1], mapping, 1)
    with pytest.raises(UserError, match="future and the map fitted on model: lat differs"):
        mapping_apply.apply(run(3, side=2), fitted, mapping, "future")
    with pytest.raises(UserError, match="the reference has no variable 'tas'"):
        mapping_fit.fit(both[0], both[1].drop_vars("tas"), mapping, 1)
    with pytest.raises(UserError, match="future has no variable 'pr'"):
        mapping_apply.apply(both[0].drop_vars("pr"), fitted, mapping, "future")
    flux = both[0].copy()
    flux["pr"] = (flux["pr"] / 86400).assign_attrs(units="kg m-2 s-1")
    with pytest.raises(UserError, match="pr: .*'kg m-2 s-1'.*'mm day-1'"):
        mapping_fit.fit(flux, both[1], mapping, 1)


def test_a_future_run_that_overlaps_the_fit_is_refused_and_another_member_is_not(both) -> None:
    fitted = mapping_fit.fit(*both, coarse_series.mapping(), 1)

    def of_years(first: int, count: int) -> xr.Dataset:
        at = coarse_series.time(first, count)
        return coarse_series.series(
            at,
            pr=coarse_series.rain(at, 5, cells=3),
            tas=coarse_series.temperature(at, 6, cells=3),
        )

    for run in (of_years(1991, 3), of_years(2041, 3)):
        mapping_apply.apply(run, fitted, coarse_series.mapping(), "other")
    with pytest.raises(UserError, match="other: 2 of its 4 years, 1995 to 1996, are years that"):
        mapping_apply.apply(of_years(1995, 4), fitted, coarse_series.mapping(), "other")


@pytest.fixture
def folder(tmp_path, both):
    pressure = (both[0].tas * 350).assign_attrs(units="Pa")
    stores.write(both[0].assign(psl=pressure), tmp_path / "model.zarr")
    stores.write(both[1], tmp_path / "truth.zarr")
    return tmp_path


def test_steps_write_a_driver_that_keeps_the_contract(folder, both, capsys) -> None:
    mapping = coarse_series.mapping(
        rain=coarse_series.RAIN | {"least_wet_days": 90}
    ).model_dump_json()
    fit_correction.main(
        [
            *("--correction", mapping, "--year-start-month", "1"),
            *("--source", str(folder / "model.zarr"), "--reference", str(folder / "truth.zarr")),
            *("--fitted", str(folder / "fit.nc")),
        ]
    )
    assert (
        "of 225 cells and windows have fewer than rain.least_wet_days" in capsys.readouterr().out
    )
    correct_driver.main(
        [
            *("--correction", mapping, "--fitted", str(folder / "fit.nc")),
            *("--driver", str(folder / "model.zarr"), "--driver-name", "model"),
            *("--output", str(folder / "mapped.zarr")),
        ]
    )
    assert "not corrected, as they were in model: psl" in capsys.readouterr().out
    got = stores.read(folder / "mapped.zarr", "driver")
    assert got.attrs["driver_type"] == "gcm" and got.attrs["corrected_from"] == "model"
    assert json.loads(got.attrs["fit_years"]) == list(range(1991, 1997))
    np.testing.assert_array_equal(got.psl, both[0].tas * 350)


def test_a_broken_fit_is_named(folder) -> None:
    (folder / "fit.nc").write_text("no fit")
    with pytest.raises(UserError, match="fit.nc: no usable fit"):
        correct_driver.main(
            [
                *("--correction", coarse_series.mapping().model_dump_json()),
                *("--fitted", str(folder / "fit.nc"), "--driver", str(folder / "model.zarr")),
                *("--driver-name", "model", "--output", str(folder / "mapped.zarr")),
            ]
        )
    assert not (folder / "mapped.zarr").exists()
