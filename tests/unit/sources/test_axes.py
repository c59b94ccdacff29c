"""Axes and coordinates of files: recognised whatever their names, compared with a tolerance."""

import numpy as np
import pytest
import xarray as xr

from downbench.core.config.sources.file_variable import FileVariable
from downbench.core.contract import check
from downbench.core.errors import UserError
from downbench.sources.files import reading, source
from rotated_grids import rotated
from weather_files import block_means, driver_entries, entries, region, weather

DAY = np.timedelta64(1, "D")


def target(folder, dataset: xr.Dataset, **keys) -> xr.Dataset:
    dataset.to_netcdf(folder / "fine.nc")
    return source.target(region(folder, entries("fine.nc"), **keys))


def on_both(dataset: xr.Dataset) -> dict:
    """The axes lat and lon on both of them."""
    return dict(zip(("lat", "lon"), xr.broadcast(dataset["lat"], dataset["lon"]), strict=True))


def with_two_dimensional(d: xr.Dataset) -> xr.Dataset:
    lat, lon = on_both(d).values()
    return d.assign_coords(latitude=lat, longitude=lon)


def without_axes(d: xr.Dataset) -> xr.Dataset:
    lat, lon = (c.rename(lat="y", lon="x").drop_vars(["lat", "lon"], errors="ignore")
                for c in on_both(d).values())  # fmt: skip
    bare = d.rename(lat="y", lon="x").drop_vars(["y", "x"])
    return bare.assign(latitude=(("y", "x"), lat.values), longitude=(("y", "x"), lon.values))


def with_auxiliary_axes(d: xr.Dataset) -> xr.Dataset:
    named = d.rename(lat="y", lon="x").rename_vars(y="lat", x="lon")
    return named.assign_coords(y=np.arange(8), x=np.arange(8))


def repeated_at_each_time(d: xr.Dataset) -> xr.Dataset:
    """As WRF writes it: coordinates on all three dims, times as words and as minutes."""
    lat, lon = (c.values for c in on_both(d).values())
    bare = d.rename(lat="south_north", lon="west_east", time="Time")
    dims, times = bare["pr"].dims, d.sizes["time"]
    minutes = ("Time", 1440 * np.arange(times), {"units": "minutes since 2001-02-01"})
    return bare.drop_vars(["south_north", "west_east", "Time"]).assign_coords(
        XLAT=(dims, np.tile(lat, (times, 1, 1))), XLONG=(dims, np.tile(lon, (times, 1, 1))),
        XTIME=minutes, Times=("Time", ["2001"] * times),
    )  # fmt: skip


DIALECTS = {
    "valid_time": lambda d: d.rename(time="valid_time", lat="latitude", lon="longitude"),
    "day": lambda d: d.rename(time="day"),
    "standard names": lambda d: d.rename(lat="g0", lon="g1").assign_coords(
        g0=("g0", d["lat"].values, {"standard_name": "latitude"}),
        g1=("g1", d["lon"].values, {"units": "degrees_east"}),
    ),
    "both beside the axes": with_two_dimensional,
    "both instead of axes": without_axes,
    "coordinates along dims": with_auxiliary_axes,
    "coordinates at each time": repeated_at_each_time,
    "another order": lambda d: d.transpose("lon", "time", "lat"),
    "descending, 0 to 360": lambda d: d.assign_coords(lon=d["lon"] + 360).sortby("lat", False),
    "member of one": lambda d: d.expand_dims(number=[0]).assign_coords(expver="0001"),
    "cyclic column": lambda d: xr.concat(
        [d, d.isel(lon=[0]).assign_coords(lon=d["lon"][[0]] + 360)], "lon"
    ),
}  # fmt: skip


@pytest.mark.parametrize("dialect", DIALECTS)
def test_axes_are_recognised(tmp_path, dialect):
    result = target(tmp_path, DIALECTS[dialect](weather()))
    check(result.assign_attrs(factor=4), "target")
    for name in ("pr", "tas"):
        np.testing.assert_array_equal(result[name].values, weather()[name].values)
    np.testing.assert_allclose(result["lon"].values[0], weather()["lon"])


REFUSED = {
    "two experiments": (lambda d: d.expand_dims(expver=[1, 5]), "axis expver.*combine_first"),
    "two members": (lambda d: d.expand_dims(number=[0, 1]), r"further axis \(number of 2\)"),
    "no coordinates": (lambda d: d.drop_vars(["lat"]), "without lat: add"),
    "a missing row": (lambda d: d.isel(lat=[0, 1, 2, 4, 5, 6, 7]), "lat is not evenly spaced"),
    "metres": (lambda d: d.assign_coords(lat=d["lat"] * 1e5), "axis lat runs .*in degrees"),
    "a gap": (
        lambda d: d.assign_coords(lat=d["lat"].where(d["lat"] > 45)),
        "axis lat has missing values",
    ),
    "every tenth cell": (
        lambda d: d.assign(b=(("lat", "n"), d["lat"].values[:, None] + [-0.0125, 0.0125]))
        .assign_coords(lat=d["lat"].assign_attrs(bounds="b")),
        "cells 0.025 degrees wide by its bounds, but 0.25 degrees apart",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_even_grid_is_refused_by_name(tmp_path, case):
    change, words = REFUSED[case]
    with pytest.raises(UserError, match=f"fine.nc: variable 'pr'.*{words}"):
        target(tmp_path, change(weather()))


def test_a_gaussian_grid_and_rounded_coordinates_pass(tmp_path):
    gaussian = np.rad2deg(np.arcsin(np.polynomial.legendre.leggauss(64)[0]))[40:48]
    result = target(tmp_path, weather().assign_coords(lat=gaussian))
    np.testing.assert_allclose(result["lat"].values[:, 0], gaussian)
    target(tmp_path, weather().assign_coords(lat=np.round(44 + np.arange(8) / 24, 2)))


def test_a_region_lies_across_180_degrees(tmp_path):
    east = weather(west=179.0)
    stored = east.assign_coords(lon=(east["lon"] + 180) % 360 - 180).sortby("lon")
    result = target(tmp_path, stored)
    here = target(tmp_path, weather())
    np.testing.assert_array_equal(result["pr"].values, here["pr"].values)
    np.testing.assert_allclose(result["cell_area"], here["cell_area"])
    assert result["lon"].values[0, 0] == 179.125 and result["lon"].values[0, -1] == -179.125
    for east_edge in (-179.5, 180.5):
        crop = {"south": 44.0, "north": 45.0, "west": 179.5, "east": east_edge}
        part = target(tmp_path, stored, crop=crop, fine_shape=[4, 4])
        np.testing.assert_array_equal(part["pr"].values, here["pr"].values[:, :4, 2:6])


def test_the_driver_of_a_region_across_180_degrees_is_that_of_any_other(tmp_path):
    drivers = {}
    for west in (6.0, 179.0):
        coarse = block_means(weather(west=west))
        coarse.assign_coords(lon=(coarse["lon"] + 180) % 360 - 180).to_netcdf(tmp_path / "c.nc")
        fine = target(tmp_path, weather(west=west))
        little = region(tmp_path, entries("fine.nc"), driver_entries("c.nc"))
        drivers[west] = source.driver(little, "reanalysis", fine)
        check(drivers[west], "driver")
    for name in ("pr", "tas"):
        np.testing.assert_allclose(drivers[6.0][name], drivers[179.0][name], rtol=1e-5)
    np.testing.assert_allclose(drivers[179.0]["lon"].values[0], [179.5, -179.5])


@pytest.mark.parametrize("size", [1e-6, 2e-4])
def test_variables_on_nearly_the_same_cells_are_one_grid(tmp_path, size):
    weather()[["pr"]].to_netcdf(tmp_path / "rr.nc")
    moved = weather().assign_coords(lat=(weather()["lat"] + size).astype("float32"))
    moved[["tas"]].to_netcdf(tmp_path / "tg.nc")
    files = {"pr": entries("rr.nc")["pr"], "tas": entries("tg.nc")["tas"]}
    result = source.target(region(tmp_path, files))
    np.testing.assert_array_equal(result["tas"].values, weather()["tas"].values)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.assign_coords(lat=d["lat"] + 0.05), "no lat is the same.*differ by 0.05"),
        (lambda d: d.isel(lat=slice(None, None, 2)), "lat has steps of 0.5 and 0.25"),
        (
            lambda d: d.assign_coords(time=d["time"] + np.timedelta64(999, "D")),
            "no time in common",
        ),
        (lambda d: d.convert_calendar("noleap"), "calendars proleptic_gregorian and noleap"),
    ],
)
def test_variables_that_do_not_meet_are_named(tmp_path, change, words):
    weather()[["pr"]].to_netcdf(tmp_path / "rr.nc")
    change(weather()[["tas"]]).to_netcdf(tmp_path / "tg.nc")
    files = {"pr": entries("rr.nc")["pr"], "tas": entries("tg.nc")["tas"]}
    with pytest.raises(UserError, match=f"variables pr and tas.*{words}"):
        source.target(region(tmp_path, files))


def test_axes_of_a_rotated_pole_are_no_latitudes(tmp_path):
    rows, columns = 0.25 * np.arange(8), 0.25 * np.arange(8)
    true = rotated(rows, columns)
    turned = weather().assign_coords(lat=rows, lon=columns)
    turned = turned.assign_coords(
        latitude=(("lat", "lon"), true["lat"].values),
        longitude=(("lat", "lon"), true["lon"].values),
    )
    turned.to_netcdf(tmp_path / "fine.nc")
    entry = FileVariable(path="fine.nc", variable="pr")
    result = reading.read(region(tmp_path, entries("fine.nc")), "pr", entry)
    for name in ("lat", "lon"):
        np.testing.assert_allclose(result[name].values, true[name].values)


def test_times_that_not_all_variables_have_are_reported(tmp_path, capsys):
    weather()[["pr"]].to_netcdf(tmp_path / "rr.nc")
    weather()[["tas"]].isel(time=slice(3, 30)).to_netcdf(tmp_path / "tg.nc")
    files = {"pr": entries("rr.nc")["pr"], "tas": entries("tg.nc")["tas"]}
    fine = source.target(region(tmp_path, files))
    assert fine.sizes["time"] == 27
    assert "target variables: times that not all variables have are left out: 13 of pr" in (
        capsys.readouterr().out
    )


def test_variables_of_a_driver_on_two_calendars_are_named(tmp_path):
    coarse = block_means(weather())
    coarse.to_netcdf(tmp_path / "c.nc")
    coarse.convert_calendar("noleap").to_netcdf(tmp_path / "n.nc")
    drivers = {"pr": driver_entries("c.nc")["pr"], "tas": driver_entries("n.nc")["tas"]}
    little = region(tmp_path, entries("fine.nc"), drivers)
    with pytest.raises(UserError, match="driver reanalysis: pr and tas have the calendars"):
        source.driver(little, "reanalysis", target(tmp_path, weather()))


def test_a_driver_cut_to_the_region_covers_all_of_it(tmp_path):
    """Coordinates in float32 end a little short of the cells, and conservatively so."""
    shift = 0.04986
    fine = weather()
    moved = fine.assign_coords(lat=fine["lat"] + shift, lon=fine["lon"] + shift)
    coarse = block_means(moved, halo=0)
    single = {n: coarse[n].astype("float32") - np.float32(2e-6) for n in ("lat", "lon")}
    coarse.assign_coords(single).to_netcdf(tmp_path / "c.nc")
    little = region(tmp_path, entries("fine.nc"), driver_entries("c.nc"))
    result = source.driver(little, "reanalysis", target(tmp_path, moved))
    for name in ("pr", "tas"):
        np.testing.assert_allclose(result[name].values, coarse[name].values, rtol=1e-4)


def test_a_region_of_one_coarse_row(tmp_path):
    fine = weather(rows=4)
    little = region(tmp_path, entries("fine.nc"), driver_entries("c.nc"), fine_shape=[4, 8])
    strip = target(tmp_path, fine, fine_shape=[4, 8])
    coarse = block_means(fine)
    for part in (coarse, coarse.isel(lat=[1]), coarse.isel(lat=1)):
        part.to_netcdf(tmp_path / "c.nc")
        result = source.driver(little, "reanalysis", strip)
        for name in ("pr", "tas"):
            expected = coarse[name].values[:, 1:2, 1:-1]
            np.testing.assert_allclose(result[name].values, expected, rtol=1e-5)


def test_a_driver_of_elsewhere_is_refused(tmp_path):
    coarse = block_means(weather())
    coarse.assign_coords(lon=coarse["lon"] + 60).to_netcdf(tmp_path / "c.nc")
    little = region(tmp_path, entries("fine.nc"), driver_entries("c.nc"))
    with pytest.raises(UserError, match="c.nc: variable 'pr': it covers lon 65.5 to 68.5, not"):
        source.driver(little, "reanalysis", target(tmp_path, weather()))


def static(folder, relief: xr.DataArray) -> np.ndarray:
    relief.to_dataset(name="z").to_netcdf(folder / "z.nc")
    entry = {"path": "z.nc", "variable": "z", "units": "m2 s-2"}
    return target(folder, weather(), static={"orog": entry})["orog"].values


def test_a_static_field_may_have_one_time_and_coordinates_of_its_own(tmp_path):
    axes = {"lat": weather()["lat"], "lon": weather()["lon"]}
    relief = xr.DataArray(9.80665 * np.arange(64.0).reshape(8, 8), axes, ("lat", "lon"))
    once = relief.expand_dims(time=[np.datetime64("2020-01-01", "ns")])
    near = relief.assign_coords(lat=relief["lat"] + 2e-4, lon=relief["lon"] % 360)
    for field in (once, near, relief[::-1]):
        np.testing.assert_allclose(static(tmp_path, field), np.arange(64.0).reshape(8, 8))
    with pytest.raises(UserError, match="12 times of a static field"):
        static(tmp_path, relief.expand_dims(time=12))
    with pytest.raises(UserError, match="z.nc: variable 'z' is not on the fine grid"):
        static(tmp_path, relief.assign_coords(lat=relief["lat"] + 0.05))


def test_levels_are_chosen_by_name_or_key(tmp_path):
    dataset = weather()
    lapse = xr.DataArray([0.0, -10.0, -40.0], dims="plev")
    levels = (dataset["tas"] + lapse).transpose("time", "plev", "lat", "lon")
    named = levels.assign_coords(plev=("plev", [100000.0, 85000.0, 50000.0], {"units": "Pa"}))

    def read(name: str, **more) -> np.ndarray:
        entry = FileVariable(path="t.nc", variable="t", units="K", **more)
        return reading.read(region(tmp_path, entries("t.nc")), name, entry).values

    named.to_dataset(name="t").to_netcdf(tmp_path / "t.nc")
    np.testing.assert_allclose(read("ta850"), dataset["tas"] - 10, rtol=1e-6)
    np.testing.assert_allclose(read("tasmin", level_hpa=500), dataset["tas"] - 40, rtol=1e-6)
    for name, more, words in (
        ("tasmin", {}, "has the levels 1000, 850, 500 hPa: choose one with `level_hpa:`"),
        ("tasmin", {"level_hpa": 700}, "no level of 700 hPa, only 1000, 850, 500"),
        ("ta850", {"level_hpa": 500}, "level_hpa is 500, but the variable is that of 850 hPa"),
    ):
        with pytest.raises(UserError, match=words):
            read(name, **more)
    named.isel(plev=2).to_dataset(name="t").to_netcdf(tmp_path / "t.nc")
    with pytest.raises(UserError, match="no level of 850 hPa, only 500"):
        read("ta850")


def test_the_time_is_that_of_the_values_and_not_the_start_of_their_forecast(tmp_path):
    fine = weather()
    start = fine["time"] - DAY
    forecast = fine.assign_coords(
        time=("time", start.values, {"standard_name": "forecast_reference_time"}),
        valid_time=("time", fine["time"].values, {"standard_name": "time"}),
    )
    read = target(tmp_path, forecast)
    np.testing.assert_array_equal(read["time"], fine["time"])


def test_a_region_across_greenwich_is_read_from_both_ends_of_a_file(tmp_path):
    around = weather(columns=1440, west=0.0, days=3)
    around.to_netcdf(tmp_path / "globe.nc")
    crop = {"south": 44.0, "north": 46.0, "west": -1.0, "east": 1.0}
    read = source.target(region(tmp_path, entries("globe.nc"), crop=crop))
    expected = around.isel(lon=[*range(1436, 1440), *range(4)])
    np.testing.assert_array_equal(read["pr"], expected["pr"])
    np.testing.assert_allclose(read["lon"][0], np.arange(-0.875, 1, 0.25))
