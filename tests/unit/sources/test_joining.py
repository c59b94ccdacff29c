"""Series in several files: joined along time, or refused with the names of both files."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from downbench.core.config.sources.file_variable import matching
from downbench.core.errors import UserError
from downbench.core.io import store_checksums, stores
from downbench.sources.files import joining, origins, source
from weather_files import entries, region, weather

HALVES = slice(0, 20), slice(20, 40)


@pytest.fixture
def folder(tmp_path):
    for number, half in enumerate(HALVES):
        weather().isel(time=half).to_netcdf(tmp_path / f"part_{number}.nc")
    return tmp_path


def read(folder, path) -> xr.Dataset:
    return source.target(region(folder, entries(path)))


@pytest.mark.parametrize(
    "path", ["part_*.nc", ["part_0.nc", "part_1.nc"], ["part_1.nc", "part_[!1].nc"]]
)
def test_files_follow_each_other_in_time(folder, path):
    result = read(folder, path)
    for name in ("pr", "tas"):
        np.testing.assert_array_equal(result[name].values, weather()[name].values)
    assert (np.diff(result["time"].values) == np.timedelta64(1, "D")).all()


ORIGINS = (
    {"retrieved": "2026-12-03", "dataset_version": "2", "preliminary_from": "2001-02-25",
     "release": "provisional on 2 of 20 days", "missing_days": "2001-02-09"},
    {"retrieved": "2026-11-01", "dataset_version": "1", "release": "stable",
     "missing_days": "2001-03-30 2001-03-31"},
)  # fmt: skip


def test_an_origin_of_joined_parts_joins_again():
    """A file that another program wrote from a prepared series states ranges and lists itself."""
    earlier = {"retrieved": "2026-11-01 to 2026-12-03", "licence": "A; B"}
    later = {"retrieved": "2026-11-20", "licence": "B"}
    parts = [xr.DataArray(0.0).assign_attrs(stated) for stated in (later, earlier)]
    assert origins.joined(parts) == {
        "retrieved": "2026-11-01 to 2026-12-03", "licence": "B; A",
    }  # fmt: skip
    joined = xr.DataArray(0.0).assign_attrs(origins.joined(parts))
    assert origins.joined([joined, parts[0]]) == joined.attrs


def test_the_list_of_stations_left_out_stays_as_it_is():
    """A fault may hold what separates them, two stations may have the same, and lists are long."""
    lists = ["A: 3 values; below 0; B: 3 values; below 0", "C: " + 600 * "x "]
    parts = [xr.DataArray(0.0).assign_attrs(stations_left_out=words.strip()) for words in lists]
    assert origins.joined(parts) == {"stations_left_out": "; ".join(lists).strip()}


def test_the_origin_of_all_files_is_kept_and_changes_no_digest(folder):
    for number, stated in enumerate(ORIGINS):
        part = weather().isel(time=HALVES[number]).assign_attrs(stated)
        part.to_netcdf(folder / f"part_{number}.nc")
    result = read(folder, "part_*.nc")
    assert {name: result["pr"].attrs[name] for name in ORIGINS[0]} == {
        "retrieved": "2026-11-01 to 2026-12-03",
        "dataset_version": "2; 1",
        "preliminary_from": "2001-02-25",
        "release": "provisional on 2 of 20 days; stable",
        "missing_days": "2001-02-09 2001-03-30 2001-03-31",
    }
    sums = []
    for number, changed in enumerate(({}, {"retrieved": "2027-01-01", "release": "stable"})):
        result["pr"] = result["pr"].assign_attrs(changed)
        stores.write(result, folder / f"{number}.zarr")
        store_checksums.check(folder / f"{number}.zarr")
        sums.append((folder / f"{number}.zarr/CHECKSUMS").read_bytes())
    assert sums[0] == sums[1]


def test_missing_days_are_all_named(folder):
    days = " ".join(f"{day:%Y-%m-%d}" for day in pd.date_range("2001-01-01", periods=90))
    weather().assign_attrs(missing_days=days).to_netcdf(folder / "all.nc")
    assert read(folder, "all.nc")["pr"].attrs["missing_days"] == days


def test_coordinates_in_another_precision_are_the_same(folder):
    part = weather().isel(time=HALVES[1])
    part.assign_coords(lat=part["lat"].astype("float32") + 1e-5).to_netcdf(folder / "part_1.nc")
    assert read(folder, "part_*.nc").sizes["time"] == 40


def with_bounds(dataset: xr.Dataset) -> xr.Dataset:
    dataset["time"].attrs["bounds"] = "b"
    ends = np.stack([dataset["time"].values, dataset["time"].values + np.timedelta64(1, "D")], 1)
    return dataset.assign(b=(("time", "two"), ends))


DIFFERENCES = {
    "a day twice": (lambda d: d.assign_coords(time=d["time"] - np.timedelta64(1, "D")),
                    "1 times occur twice, first 2001-02-20T00:00:00 in part_0.nc and part_1.nc"),
    "unit": (lambda d: d.assign(pr=(d["pr"] / 10).assign_attrs(units="cm")),
             "part_1.nc and part_0.nc .*units are 'cm' and 'mm day-1'"),
    "cells": (lambda d: d.isel(lat=slice(1, None)), "grids have 7 x 8 and 8 x 8 cells"),
    "grid": (lambda d: d.assign_coords(lon=d["lon"] + 0.1), "lon differs by up to 0.1"),
    "bounds": (with_bounds, "only one of them has time bounds"),
    "calendar": (lambda d: d.convert_calendar("noleap"), "calendars are noleap and proleptic"),
    "variable": (lambda d: d.drop_vars("pr"), "part_1.nc: variable 'pr' is absent"),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:Variable time has datetime type and a bounds variable")
@pytest.mark.parametrize("difference", DIFFERENCES)
def test_files_that_differ_are_named(folder, difference):
    change, words = DIFFERENCES[difference]
    change(weather().isel(time=HALVES[1])).to_netcdf(folder / "part_1.nc")
    with pytest.raises(UserError, match=words):
        read(folder, "part_*.nc")


def test_the_same_unit_in_other_words_is_no_difference(folder):
    part = weather().isel(time=HALVES[1])
    part["pr"].attrs["units"] = "mm/d"
    part.to_netcdf(folder / "part_1.nc")
    assert read(folder, "part_*.nc").sizes["time"] == 40


def test_a_pattern_that_matches_nothing_is_named(folder):
    with pytest.raises(UserError, match=r"era5_\*.nc matches no file"):
        read(folder, "era5_*.nc")


def test_the_workflow_knows_all_files(folder):
    (folder / "odd[1].nc").touch()
    assert matching("part_*.nc", str(folder)) == ["part_0.nc", "part_1.nc"]
    assert matching("odd[1].nc", str(folder)) == ["odd[1].nc"]
    assert matching("gone.nc", str(folder)) == []
    assert matching(str(folder / "part_?.nc"), "elsewhere") == [
        str(folder / f"part_{number}.nc") for number in (0, 1)
    ]


def test_coordinates_that_are_equal_are_held_once():
    first, part = (
        xr.DataArray(np.zeros((2, 3)), dims=("y", "x")).assign_coords(
            lat=(("y", "x"), np.ones((2, 3))), lon=(("y", "x"), np.full((2, 3), lon))
        )
        for lon in (5.0, 6.0)
    )
    shared = joining.sharing(part, first)
    xr.testing.assert_identical(shared, part)
    assert np.shares_memory(shared["lat"].values, first["lat"].values)
    assert not np.shares_memory(shared["lon"].values, first["lon"].values)
