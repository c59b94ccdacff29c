"""An ensemble that was made elsewhere, in many dialects: read, entered, or refused by name."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import xarray as xr

import tiny_pairs
from downbench.core.config.model.external_ensemble import ExternalEnsemble
from downbench.core.errors import UserError
from downbench.core.io import stores
from downbench.labs import external_ensemble as labs
from downbench.sources.files import external_ensemble
from downbench.steps import enter_ensemble
from submitted_ensembles import MEMBERS, REGION, ensemble, target


@pytest.fixture(scope="module")
def here(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("here")
    fine = target()
    driver = tiny_pairs.driver(fine.rename(tasmax="tas")).rename(tas="tasmax")
    stores.write(fine, folder / "target.zarr")
    stores.write(driver, folder / "driver.zarr")
    return folder


def enter(here: Path, dataset: xr.Dataset, to: Path, options: str = "{}", **names: Any) -> Path:
    """Write a file and enter it."""
    source = to / names.get("name", "mine.nc")
    if source.suffix == ".zarr":
        dataset.to_zarr(source, consolidated=False)
    else:
        dataset.to_netcdf(source)
    arguments = {
        "region": REGION.model_dump_json(),
        "options": options,
        "sampling": json.dumps({"members": 2, "test_spells": 8, "spell_days": 10}),
        "source": source,
        "model-name": "mine",
        "trained-on": "perfect",
        "driver-name": "perfect",
        "split": "test",
        "seed": 1,
        "target": here / "target.zarr",
        "driver": here / "driver.zarr",
        "ensemble": to / "store.zarr",
    } | {key: value for key, value in names.items() if key != "name"}
    enter_ensemble.main([str(p) for key, value in arguments.items() for p in (f"--{key}", value)])
    return arguments["ensemble"]


DIALECTS = {
    "as it is": lambda d: d,
    "south at the end": lambda d: d.isel(latitude=slice(None, None, -1)),
    "east of Greenwich to 360": lambda d: d.assign_coords(longitude=d["longitude"] % 360),
    "number, lat, lon": lambda d: d.rename(realization="number", latitude="lat", longitude="lon"),
    "ensemble, names of a station": lambda d: d.rename(
        realization="ensemble", pr="rain", tasmax="tx"
    ),
    "sums of a day and degC": lambda d: d.assign(
        pr=d["pr"].assign_attrs(units="kg m-2"),
        tasmax=(d["tasmax"] - 273.15).assign_attrs(units="degC"),
    ),
    "a flux at noon": lambda d: d.assign(
        pr=(d["pr"] / 86400).assign_attrs(units="kg m-2 s-1")
    ).assign_coords(time=d["time"] + np.timedelta64(12, "h")),
    "coordinates on both axes": lambda d: xr.Dataset(
        {n: (("member", "time", "y", "x"), v.values, v.attrs) for n, v in d.data_vars.items()},
        coords={
            "time": d["time"],
            "lat": (("y", "x"), target()["lat"].values),
            "lon": (("y", "x"), target()["lon"].values),
        },
        attrs=d.attrs,
    ),
    "members in two orders": lambda d: d.assign(
        pr=d["pr"].assign_coords(realization=range(MEMBERS)).isel(realization=[2, 0, 1]),
        tasmax=d["tasmax"].rename(realization="number").assign_coords(number=range(MEMBERS)),
    ),
    "a larger area": lambda d: d.pad(longitude=1, constant_values=280.0).assign_coords(
        longitude=np.arange(-1, 13) / 4
    ),
}


@pytest.mark.parametrize("name", DIALECTS)
def test_dialects_are_one_ensemble(tmp_path, name):
    DIALECTS[name](ensemble()).to_netcdf(tmp_path / "mine.nc")
    days = target()["time"].sel(time="2005-07").values
    files, options = [str(tmp_path / "mine.nc")], ExternalEnsemble()
    samples = external_ensemble.read(REGION, files, options, target(), days)
    expected = ensemble().sel(time=days).transpose("time", "realization", ...)
    assert samples.sizes == {"time": 31, "member": MEMBERS, "y": 8, "x": 12}
    for variable in ("pr", "tasmax"):
        assert samples[variable].dtype == np.float32
        np.testing.assert_allclose(
            samples[variable].values, expected[variable].values, rtol=1e-5, atol=1e-4
        )


def test_it_is_entered_as_a_store_with_the_years_of_its_file(here, tmp_path):
    store = stores.read(
        enter(here, ensemble(), tmp_path), "ensemble", {"model": "mine", "seed": 1}
    )
    assert store.sizes == {"time": 80, "member": MEMBERS, "y": 8, "x": 12}
    assert store.attrs["fit_years"] == "[2001, 2002, 2003, 2004]"
    assert store.attrs["member_halves"] == "unknown"


def test_a_zarr_store_and_years_of_the_entry(here, tmp_path):
    options = json.dumps({"fit_years": ["2001-2003"]})
    unstated = ensemble().drop_attrs(deep=False)
    store = enter(here, unstated, tmp_path, options, name="mine.zarr")
    assert stores.read(store, "ensemble").attrs["fit_years"] == "[2001, 2002, 2003]"


def test_a_run_of_a_climate_model_needs_no_day_of_the_target(here, tmp_path):
    later = np.timedelta64(365 * 60 + 15, "D")
    driver = stores.read(here / "driver.zarr", "driver").load()
    run = driver.assign_coords(time=driver["time"] + later).assign_attrs(driver_type="gcm")
    stores.write(run, tmp_path / "run.zarr")
    mine = ensemble().assign_coords(time=ensemble()["time"] + later)
    months = json.dumps({"members": 2, "years": 1, "months": 2})
    of_run = {"driver": tmp_path / "run.zarr", "split": "climate", "sampling": months}
    attrs = stores.read(enter(here, mine, tmp_path, **of_run), "ensemble").attrs
    assert attrs["driver_type"] == "gcm" and attrs["split"] == "climate"
    holed = mine.where(mine["latitude"] < mine["latitude"].max())
    with pytest.raises(UserError, match="values are missing"):
        enter(here, holed, tmp_path, **of_run, name="holed.nc")


def years_of(target, stated=None, entry=None) -> list:
    """Years, or events, that the file and the entry name."""
    samples = xr.Dataset(attrs={} if stated is None else {"fit_years": stated})
    options, inputs = ExternalEnsemble(fit_years=entry), SimpleNamespace(target=target)
    return labs._fit_years(samples, inputs, options, "mine.nc")


def test_events_are_those_of_the_region():
    storms = xr.Dataset(coords={"event": ("time", ["a", "b", "b"])})
    assert years_of(storms, entry=["a"]) == ["a"]
    with pytest.raises(UserError, match="names 2015, .*no events of the region: .*a, b"):
        years_of(storms, entry=["2015-2016"])


def test_years_of_the_file_are_in_the_entry():
    assert years_of(target(), "2001-2003", ["2001-2004"]) == [2001, 2002, 2003, 2004]
    with pytest.raises(UserError, match="the file says that .*2004, 2005.* add "):
        years_of(target(), "2001-2005", ["2001-2003"])


def test_files_are_joined_by_the_labels_and_years_of_all(tmp_path):
    days = target()["time"].sel(time="2005").values
    parts = [ensemble().isel(time=part) for part in (slice(0, 200), slice(200, None))]
    paths = [str(tmp_path / f"m_{i}.nc") for i in (1, 2)]
    for change, message in (
        (
            lambda d: d.assign_coords(realization=[7, 8, 9]),
            "their members are 7, 8, 9 and 0, 1, 2",
        ),
        (
            lambda d: d.assign_attrs(fit_years="2001-2005"),
            "m_2.nc: attribute fit_years is 2001-2005",
        ),
    ):
        parts[0].assign_coords(realization=[0, 1, 2]).to_netcdf(paths[0])
        change(parts[1].assign_coords(realization=[0, 1, 2])).to_netcdf(paths[1])
        with pytest.raises(UserError, match=message):
            external_ensemble.read(REGION, paths, ExternalEnsemble(), target(), days)


def test_all_breaches_of_the_samples_are_in_one_message(here, tmp_path):
    repeated = ensemble().isel(realization=[0, 1, 0]).assign_attrs(fit_years="2001-2005")
    with pytest.raises(UserError, match="2 breaches") as error:
        enter(here, repeated, tmp_path)
    assert "member 2 of 3, counted from 0, is the same as an earlier one" in str(error.value)
    assert "was fitted on 2005" in str(error.value)


def with_member(fields, number: int, other):
    """Samples with one member of others."""
    return fields.where(xr.DataArray(np.arange(MEMBERS) != number, dims="realization"), other)


FAULTS = {
    "another grid": (
        lambda d: d.assign_coords(latitude=d["latitude"] + 0.1),
        "on another grid than the region's target: its cells are up to 0.53 cells off",
    ),
    "no unit": (
        lambda d: d.assign(pr=d["pr"].assign_attrs(units="")),
        "the file gives no units",
    ),
    "a wrong unit": (
        lambda d: d.assign(pr=d["pr"].assign_attrs(units="m")),
        "set `units:` to the file's true unit",
    ),
    "a day later": (
        lambda d: d.roll(time=1),
        "all 3 members: pr fits the target best when shifted by a day",
    ),
    "one member a day later": (
        lambda d: with_member(d, 1, d.roll(time=1)),
        "member 1 of 3, counted from 0: tasmax fits the target best when shifted by a day",
    ),
    "one member of another unit": (
        lambda d: d.assign(pr=with_member(d["pr"], 2, d["pr"] * 10)),
        "member 2 of 3, counted from 0: pr is about 10.* times too large",
    ),
    "days of another year": (
        lambda d: d.assign_coords(time=d["time"] + np.timedelta64(400, "D")),
        "none of the 80 scored days, 2005-.* is there",
    ),
    "another calendar": (
        lambda d: d.isel(time=slice(360)).assign_coords(
            time=xr.date_range("2005-01-01", periods=360, calendar="360_day", use_cftime=True)
        ),
        "its calendar '360_day' is not 'standard'",
    ),
    "few days": (lambda d: d.isel(time=slice(0, 60)), "of the 80 scored days are absent"),
    "a hole": (
        lambda d: d.assign(pr=d["pr"].where(d["pr"].latitude < 41.7)),
        r"pr: \d+ values are missing where the target has one, first 2005-",
    ),
    "trained on the test year": (
        lambda d: d.assign_attrs(fit_years="2001-2005"),
        "2005",
    ),
    "no years": (lambda d: d.drop_attrs(deep=False), "state them as `fit_years: "),
    "a further axis": (
        lambda d: d.expand_dims(lead=[1, 2]),
        "further axis .*lead of 2.*call it `member`",
    ),
    "rows upside down": (
        lambda d: d.fillna(d.mean()).assign_coords(latitude=d["latitude"].values[::-1]),
        "fits the target better flipped north–south",
    ),
    "members of two runs": (
        lambda d: d.assign(
            pr=d["pr"].assign_coords(realization=[0, 1, 2]),
            tasmax=d["tasmax"].rename(realization="number").assign_coords(number=[7, 8, 9]),
        ),
        "pr and tasmax cannot be joined, their members are 0, 1, 2 and 7, 8, 9",
    ),
    "a variable without members": (
        lambda d: d.assign(tasmax=d["tasmax"].isel(realization=0)),
        "pr and tasmax cannot be joined, they have 3 and 1 members",
    ),
    "another name": (lambda d: d.rename(pr="foo"), "variables: {pr: {variable: NAME}}"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults_are_named_and_nothing_is_written(here, tmp_path, name):
    change, message = FAULTS[name]
    with pytest.raises(UserError, match=message) as error:
        enter(here, change(ensemble()), tmp_path)
    assert "mine.nc" in str(error.value)
    assert "remove it" not in str(error.value) and "delete" not in str(error.value)
    assert (tmp_path / "mine.nc").exists() and not (tmp_path / "store.zarr").exists()
