"""Containers of files: the one readable file inside is read, all else is named with its fix."""

import gzip
import shutil
import zipfile

import numpy as np
import pytest
import xarray as xr

from downbench.core.errors import UserError
from downbench.sources.files import source
from weather_files import entries, region, weather


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The same weather as NetCDF-4, NetCDF-3, in a group, and as a Zarr store."""
    folder = tmp_path_factory.mktemp("containers")
    weather().to_netcdf(folder / "fine.nc")
    weather().to_netcdf(folder / "classic.nc", format="NETCDF3_64BIT")
    weather().to_netcdf(folder / "group.h5", group="Grid")
    weather().to_zarr(folder / "fine.zarr", consolidated=False)
    return folder


def read(folder, path, **more) -> xr.Dataset:
    return source.target(region(folder, entries(path, **more)))


def zipped(path, folder, within: str, members) -> None:
    with zipfile.ZipFile(folder / path, "w") as archive:
        for member in members:
            archive.write(member, within + str(member.relative_to(folder)))


def require_same(result: xr.Dataset) -> None:
    for name in ("pr", "tas"):
        np.testing.assert_array_equal(result[name].values, weather()[name].values)


@pytest.mark.parametrize("path", ["fine.nc", "classic.nc", "fine.zarr"])
def test_files_and_stores_are_read_alike(folder, path):
    require_same(read(folder, path))


def test_a_store_with_other_files_beside_its_arrays_is_opened_silently(folder, recwarn):
    shutil.copytree(folder / "fine.zarr", folder / "marked.zarr")
    for name in ("CHECKSUMS", ".snakemake_timestamp"):
        (folder / "marked.zarr" / name).touch()
    require_same(read(folder, "marked.zarr"))
    assert not [str(one.message) for one in recwarn if "recognized" in str(one.message)]


@pytest.mark.parametrize("within", ["", "download/2001/"])
def test_a_zip_with_one_netcdf_file_is_read(folder, within):
    zipped("one.zip", folder, within, [folder / "fine.nc"])
    require_same(read(folder, "one.zip"))


@pytest.mark.parametrize("within", ["", "download/"])
def test_a_zarr_store_in_a_zip_is_read_in_place(folder, within):
    zipped(
        "store.zip", folder, within, [f for f in (folder / "fine.zarr").rglob("*") if f.is_file()]
    )
    require_same(read(folder, "store.zip"))


def test_a_group_is_read_by_its_key_and_listed_without_it(folder):
    require_same(read(folder, "group.h5", group="Grid"))
    for more, words in (
        ({}, "variable 'pr' is absent.*it is in the group Grid: set `group:` to Grid"),
        ({"group": "grid"}, "no group 'grid': set `group:` to one of Grid"),
    ):
        with pytest.raises(UserError, match=f"group.h5: {words}"):
            read(folder, "group.h5", **more)
    unknown = {"pr": {"path": "group.h5", "variable": "rr"}}
    with pytest.raises(UserError, match=r"nothing at its root: .*`group:`.*Grid \(pr, tas\)"):
        source.target(region(folder, unknown))


def test_what_holds_no_numbers_is_refused(folder):
    text = weather().assign(pr=("time", ["dry"] * weather().sizes["time"]))
    text.to_netcdf(folder / "words.nc")
    with pytest.raises(UserError, match="words.nc: variable 'pr' holds .*no numbers"):
        read(folder, "words.nc")


def test_a_zip_of_several_files_is_named_with_its_content(folder):
    zipped("two.zip", folder, "", [folder / "fine.nc", folder / "classic.nc"])
    with pytest.raises(
        UserError, match=r"2 NetCDF files \(fine.nc, classic.nc\): unpack it and set"
    ):
        read(folder, "two.zip")


def test_a_zip_without_netcdf_is_named_with_its_content(folder):
    (folder / "rain.bil").write_bytes(b"\0" * 8)
    zipped("bil.zip", folder, "", [folder / "rain.bil"])
    with pytest.raises(UserError, match=r"without a NetCDF file \(rain.bil\).*gdal_translate"):
        read(folder, "bil.zip")


CONTENTS = {
    "page": (b"  <!DOCTYPE html><html>Please log in</html>", "a web page.*log in"),
    "grib": (b"GRIB" + bytes(200), "a GRIB file, which needs cfgrib|GRIB, damaged"),
    "tiff": (b"II*\0" + bytes(200), "a TIFF image"),
    "text": (b"date,rain\n2001-02-01,3\n", "a text file"),
    "ghcn": (b"EZM00011518194001TMAX  -13  E", "GHCN-Daily"),
    "empty": (b"", "is empty: download it again"),
    "noise": (bytes(range(1, 255)), "no NetCDF file"),
    "zip": (b"PK\x03\x04" + bytes(50), "a damaged or incomplete ZIP archive"),
    "tar": (bytes(257) + b"ustar" + bytes(90), "a tar archive"),
    "gzip": (gzip.compress(b"GRIB" + bytes(200)), "a gzip archive with a GRIB file: unpack it"),
    "pointer": (b"version https://git-lfs.github.com/spec/v1", "git lfs pull"),
}


@pytest.mark.parametrize("kind", CONTENTS)
def test_what_is_no_netcdf_is_named_by_its_first_bytes(folder, kind):
    content, words = CONTENTS[kind]
    (folder / f"{kind}.nc").write_bytes(content)
    with pytest.raises(UserError, match=words):
        read(folder, f"{kind}.nc")


@pytest.mark.parametrize("path", ["fine.nc", "classic.nc"])
@pytest.mark.parametrize("share", [0.5, 0.99])
def test_a_truncated_download_is_refused(folder, path, share):
    """The NetCDF library itself reads what a truncated NetCDF-3 file lacks as zeros."""
    raw = (folder / path).read_bytes()
    (folder / "cut.nc").write_bytes(raw[: int(share * len(raw))])
    with pytest.raises(UserError, match="cut.nc.* damaged or incomplete .*: download it again"):
        read(folder, "cut.nc")


def test_a_damaged_chunk_is_named_with_file_and_variable(folder):
    shutil.copytree(folder / "fine.zarr", folder / "damaged.zarr")
    chunk = next(f for f in (folder / "damaged.zarr/tas/c").rglob("*") if f.is_file())
    chunk.write_bytes(bytes(50))
    with pytest.raises(UserError, match="damaged.zarr: variable 'tas' cannot be read.*damaged"):
        read(folder, "damaged.zarr")


def test_a_folder_of_files_is_no_store(folder):
    (folder / "many").mkdir()
    with pytest.raises(UserError, match=r"many is a folder, but no Zarr store.*FOLDER/\*.nc"):
        read(folder, "many")


def test_a_zip_of_several_stores_is_named_with_two_of_them(folder):
    for name in ("one", "two"):
        files = [f for f in (folder / "fine.zarr").rglob("*") if f.is_file()]
        with zipfile.ZipFile(folder / "stores.zip", "a") as archive:
            for file in files:
                archive.write(file, f"{name}.zarr/{file.relative_to(folder / 'fine.zarr')}")
    with pytest.raises(UserError, match=r"several Zarr stores \(one.zarr, two.zarr .*: unpack it"):
        read(folder, "stores.zip")


def test_a_damaged_store_is_not_called_a_folder(folder):
    (folder / "half.zarr").mkdir()
    (folder / "half.zarr/zarr.json").write_text("{")
    with pytest.raises(UserError, match="half.zarr is a Zarr store, damaged or incomplete"):
        read(folder, "half.zarr")
