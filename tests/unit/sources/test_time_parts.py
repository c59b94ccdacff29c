"""Series too large for memory: in parts along time they give the numbers that they give whole."""

import numpy as np
import pytest
import xarray as xr
from xarray.backends.netCDF4_ import NetCDF4ArrayWrapper

import weather_files as files
from downbench.core import time_parts
from downbench.core.config.sources.file_variable import FileVariable
from downbench.core.errors import UserError
from downbench.core.io import stores
from downbench.core.rain_counts import RainCounts
from downbench.sources.files import axes, reading, source


@pytest.fixture
def small_parts(monkeypatch):
    """Call any series large: parts of a few days."""

    def apply():
        monkeypatch.setattr(time_parts, "HELD_BYTES", 0)
        monkeypatch.setattr(time_parts, "PART_BYTES", 2000)
        monkeypatch.setattr(stores, "PART_BYTES", 3000)
        monkeypatch.setattr(stores, "CHUNK_BYTES", 1500)

    return apply


def written(folder, **changes) -> None:
    """Write two files of the target and one of the driver; changes are of the second file."""
    fine = files.weather()
    fine["pr"][3:9, 2, 3] = np.nan
    fine["tas"][:25, 0, 0] = np.nan
    for number, part in enumerate((fine.isel(time=slice(0, 15)), fine.isel(time=slice(15, None)))):
        part = part.assign(changes) if number and changes else part
        part.isel(lat=slice(None, None, -1)).to_netcdf(folder / f"era5_{number}.nc")
    files.block_means(fine).to_netcdf(folder / "coarse.nc")


def prepared(folder):
    """Return target, perfect driver and reanalysis."""
    region = files.region(
        folder,
        files.entries("era5_*.nc"),
        files.driver_entries("coarse.nc"),
        least_valid_share=0.5,
    )
    target = source.target(region)
    return [target, *(source.driver(region, name, target) for name in ("perfect", "reanalysis"))]


def test_parts_give_the_numbers_of_the_whole(tmp_path, small_parts) -> None:
    written(tmp_path)
    whole = prepared(tmp_path)
    small_parts()
    for number, (expected, lazy) in enumerate(zip(whole, prepared(tmp_path), strict=True)):
        assert lazy["pr"].chunks and len(lazy["pr"].chunks[0]) > 1
        xr.testing.assert_identical(lazy.load(), expected)
        assert np.isnan(expected["tas"][:, 0, 0]).all() == (number == 0)


def test_parts_are_one_store_chunk_by_chunk(tmp_path, small_parts) -> None:
    written(tmp_path)
    whole = prepared(tmp_path)[0]
    small_parts()
    lazy = prepared(tmp_path)[0]
    for name, dataset in (("whole", whole), ("parts", lazy)):
        stores.write(dataset, tmp_path / name)
    digests = [(tmp_path / name / "CHECKSUMS").read_text() for name in ("whole", "parts")]
    assert digests[0] == digests[1]


def test_what_the_check_of_a_store_refuses_does_not_appear(tmp_path) -> None:
    def refuse(store):
        raise UserError(str(float(store["tas"].max())))

    with pytest.raises(UserError, match="29"):
        stores.write(files.weather(), tmp_path / "store", refuse)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        ("tas", -999.0, "era5_1.nc: .*-999 in .* first on 2001-03-08, looks like a missing value"),
        ("tas", 12.0, "tas runs from 11.6 to"),
        ("pr", -0.5, "pr is negative in 5 of 2560 values, down to -0.9"),
    ],
)
def test_every_part_is_checked(tmp_path, small_parts, name, code, message) -> None:
    field = files.weather()[name][15:].copy()
    field[20:25, 1, 1] = code if code < -100 else code - np.arange(5) / 10
    written(tmp_path, **{name: field})
    small_parts()
    with pytest.raises(UserError, match=message):
        prepared(tmp_path)


def test_traces_in_parts_are_counted_and_cut(tmp_path, small_parts, capsys) -> None:
    field = files.weather()["pr"][15:].copy()
    field[20:25, 1, 1] = -1e-9
    written(tmp_path, pr=field)
    small_parts()
    assert float(prepared(tmp_path)[0]["pr"].min()) == 0.0
    assert "5 traces of pr beyond its limit (down to -1e-09" in capsys.readouterr().out


def test_counts_give_the_median_of_all_values() -> None:
    rain = np.random.default_rng(0).gamma(0.5, 6.0, 10001).astype(np.float32)
    rain[::3], rain[::50] = 0.0, np.nan
    counts = RainCounts.of(rain[:4000])
    counts.add(rain[4000:])
    assert counts.total == np.isfinite(rain).sum() and counts.most == np.nanmax(rain)
    for least in (0.0, 0.1, 1.0):
        wet = rain[rain >= least] if least else rain[rain > 0]
        assert counts.number(least) == wet.size
        assert counts.median(least) == pytest.approx(np.median(wet), rel=4e-5)
    assert np.isnan(counts.median(1000.0))


def test_medians_of_another_unit_are_those_of_the_values() -> None:
    assert RainCounts.of(np.full(9, 132_974.0)).median(1.0) == pytest.approx(132_974, rel=4e-5)


def test_files_with_another_order_of_dims_are_counted_cell_by_cell(tmp_path, small_parts) -> None:
    written(tmp_path)
    expected = prepared(tmp_path)[0]
    with xr.open_dataset(tmp_path / "era5_1.nc") as opened:
        swapped = opened.load().transpose("time", "lon", "lat")
    swapped.to_netcdf(tmp_path / "era5_1.nc")
    small_parts()
    xr.testing.assert_identical(prepared(tmp_path)[0].load(), expected)


@pytest.mark.parametrize(
    ("limit", "multiple", "starts"),
    [(35, 1, [0, 3, 6, 9]), (35, 2, [0, 2, 4, 6, 8]), (75, 3, [0, 6]), (1, 1, list(range(10)))],
)
def test_slices_follow_each_other(limit, multiple, starts) -> None:
    parts = list(time_parts.slices(10, 100, limit, multiple))
    assert [part.start for part in parts] == starts
    assert np.concatenate([np.arange(10)[part] for part in parts]).tolist() == list(range(10))


def test_a_series_that_is_held_is_read_once(tmp_path, small_parts, monkeypatch) -> None:
    written(tmp_path)
    read, values_of = [], NetCDF4ArrayWrapper._getitem
    region = files.region(tmp_path, files.entries("era5_*.nc"))
    entry = FileVariable(path="era5_*.nc", variable="tas")
    small_parts()

    def counted(wrapper, key):
        values = values_of(wrapper, key)
        read.append(values.size if values.ndim == 3 else 0)
        return values

    monkeypatch.setattr(NetCDF4ArrayWrapper, "_getitem", counted)
    series = reading.read_series(region, "tas", entry, True, lambda field, label: field)
    assert series.chunks is None and sum(read) == series.size == files.weather()["tas"].size


def test_parts_agree_with_the_chunks_of_a_file_along_its_last_dim(tmp_path, small_parts) -> None:
    swapped = files.weather()[["tas"]].transpose("lat", "lon", "time").rename(time="valid_time")
    swapped.to_netcdf(tmp_path / "tas.nc", encoding={"tas": {"chunksizes": (8, 4, 7)}})
    small_parts()
    with xr.open_dataset(tmp_path / "tas.nc", decode_times=False) as opened:
        field = axes.located(opened, "tas").transpose("time", "lat", "lon")
        assert time_parts.in_parts(field).chunksizes["time"] == (7, 7, 7, 7, 7, 5)
