"""Stores prove that they are whole: every loss and every change of a byte is refused by path."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import tiny_pairs
from downbench.core.errors import UserError
from downbench.core.io import store_checksums, stores


@pytest.fixture(scope="module")
def series() -> xr.Dataset:
    """Six days, of which the third and fourth have no value, and zeros, which chunks leave out."""
    days = tiny_pairs.target().isel(time=slice(6)).load()
    days["pr"][2:4] = np.nan
    return days.assign(count=("time", np.zeros(6, np.int64)), scalar=((), 3.0))


@pytest.fixture(scope="module")
def made(series, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "target.zarr"
    stores.write_parts([series.isel(time=slice(n, n + 2)) for n in (0, 2, 4)], path)
    return path


@pytest.fixture
def copy(made, tmp_path) -> Path:
    return shutil.copytree(made, tmp_path / "target.zarr", copy_function=shutil.copyfile)


def test_a_store_has_all_chunks_also_those_without_a_value(series, made):
    xr.testing.assert_equal(stores.read(made).load()[list(series)], series)
    chunks = store_checksums.StoreChecksums.model_validate_json(
        (made / store_checksums.FILE).read_bytes()
    ).chunks
    assert chunks["pr"] == chunks["count"] == chunks["time"] == 3
    assert chunks["scalar"] == chunks["orog"] == 1


def test_the_same_values_have_the_same_checksums_and_times_do_not_count(series, made, copy):
    stores.write_parts([series.isel(time=slice(n, n + 2)) for n in (0, 2, 4)], copy)
    (copy / ".snakemake_timestamp").touch()
    os.utime(copy, (0, 0))
    for folder in (made, copy):
        store_checksums.check(folder)
    assert (copy / "CHECKSUMS").read_bytes() == (made / "CHECKSUMS").read_bytes()


@pytest.mark.parametrize(
    ("lost", "message"),
    [
        ("pr/c/1/0/0", r"pr: 1 of 3 chunks are missing \(pr/c/1/0/0\)"),
        ("count/c/2", "count: 1 of 3 chunks"),
        ("time/c/0", "time: 1 of 3 chunks"),
        ("cell_area/c/0/0", "cell_area: 1 of 1 chunks"),
        ("scalar/c", "scalar: 1 of 1 chunks"),
        ("tas/zarr.json", "array tas is missing"),
        ("zarr.json", "not a readable Zarr store"),
    ],
)
def test_a_lost_file_is_named(copy, lost, message):
    (copy / lost).unlink()
    with pytest.raises(UserError, match=f"{copy}: .*{message}"):
        stores.read(copy, "target")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [_cut, _flip, lambda path: path.write_bytes(b"")])
@pytest.mark.parametrize("name", ["pr/c/0/0/0", "orog/c/0/0", "time/c/1"])
def test_a_damaged_chunk_is_refused(copy, name: str, damage: Callable[[Path], None]):
    damage(copy / name)
    with pytest.raises(UserError, match=str(copy)):
        stores.read(copy, "target")


def test_a_store_that_was_changed_afterwards_is_refused_until_its_checksums_are_removed(copy):
    xr.Dataset(attrs={"region": "elsewhere"}).to_zarr(copy, mode="a", consolidated=False)
    with pytest.raises(UserError, match="differs from its CHECKSUMS"):
        stores.read(copy, "target")
    (copy / "CHECKSUMS").unlink()
    assert stores.read(copy, "target").sizes["time"] == 6


@pytest.fixture
def foreign(series, tmp_path) -> Callable[..., Path]:
    """Write the series as another program does: chunks without a value are left out."""

    def write(chunks: tuple[int, ...], zarr_format: int = 3) -> Path:
        path = tmp_path / "foreign.zarr"
        series.drop_vars("count").to_zarr(
            path,
            mode="w",
            consolidated=False,
            zarr_format=zarr_format,
            encoding={"pr": {"chunks": chunks}},
        )
        return path

    return write


@pytest.mark.parametrize("zarr_format", [2, 3])
def test_days_without_a_value_may_be_absent_from_a_store_of_another_program(foreign, zarr_format):
    assert stores.read(foreign((1, 8, 12), zarr_format), "target").sizes["time"] == 6
    # The corner of sea never has a value.
    assert stores.read(foreign((6, 4, 4), zarr_format), "target").sizes["time"] == 6


@pytest.mark.parametrize(("zarr_format", "name"), [(2, "pr/1.0.0"), (3, "pr/c/1/0/0")])
def test_a_lost_chunk_of_several_days_is_refused_in_any_store(foreign, zarr_format, name):
    with pytest.raises(UserError, match=rf"foreign.zarr: pr: .*{name}.*write_empty_chunks"):
        stores.read(foreign((2, 8, 12), zarr_format), "target")
