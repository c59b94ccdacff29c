"""Altitude and land that lie upside down are refused; relief and coasts as they are pass."""

import numpy as np
import pytest
import xarray as xr

from downbench.core.consistency import static_fields
from downbench.core.errors import UserError

ROWS, COLUMNS = 12, 20
GRID = ("y", "x")


@pytest.fixture
def target() -> xr.Dataset:
    """A ridge in the north-east, a sea in the south-west, and it is colder above."""
    rng = np.random.default_rng(0)
    north, east = np.meshgrid(np.arange(ROWS), np.arange(COLUMNS), indexing="ij")
    altitude = 1500 * np.exp(-(((north - 8) / 2) ** 2) - ((east - 14) / 3) ** 2)
    altitude = altitude + rng.uniform(0, 50, altitude.shape)
    land = (north + east > 8).astype("f4")
    weather = rng.normal(0, 3, (100, 1, 1)) + rng.normal(0, 1, (100, ROWS, COLUMNS))
    tas = np.where(land > 0, 285 - 0.3 * north - 0.0065 * altitude + weather, np.nan)
    return xr.Dataset(
        {"tas": (("time", *GRID), tas), "orog": (GRID, altitude), "land": (GRID, land)}
    )


def flipped(target: xr.Dataset, name: str, *axes: int) -> xr.Dataset:
    return target.assign({name: (GRID, np.flip(target[name].values, axes))})


def test_fields_as_they_are_pass(target) -> None:
    static_fields.check(target, "the target")
    static_fields.check(target.assign(land=target.land * np.nan), "the target")
    static_fields.check(target.assign(orog=target.orog.where(target.land > 0)), "the target")
    plane = 100.0 * np.add.outer(np.arange(ROWS), np.arange(COLUMNS))
    static_fields.check(target.assign(orog=(GRID, plane)), "the target")


@pytest.mark.parametrize(
    ("name", "axes", "words"),
    [
        ("orog", (0,), "orog fits tas better flipped north–south"),
        ("orog", (1,), "orog fits tas better flipped east–west"),
        ("land", (0, 1), "land fits the cells that have values better turned by 180°"),
    ],
)
def test_flipped_fields_are_named(target, name, axes, words) -> None:
    with pytest.raises(UserError, match=words):
        static_fields.check(flipped(target, name, *axes), "the target")


def test_cold_valleys_are_no_flip(target) -> None:
    static_fields.check(target.assign(tas=570 - target.tas), "the target")


def test_only_parts_with_a_sampled_time_are_read(target, monkeypatch) -> None:
    monkeypatch.setattr(static_fields, "VALUES_AT_ONCE", ROWS * COLUMNS)
    monkeypatch.setattr(static_fields, "SAMPLED_TIMES", 10)
    reads = []

    def read(values: np.ndarray) -> np.ndarray:
        reads.append(values.shape[0])
        return values

    lazy = target["tas"].chunk(time=1)
    counted = lazy.copy(data=lazy.data.map_blocks(read, dtype=float, meta=np.empty(0)))
    results = static_fields.results(target.assign(tas=counted))
    assert sum(reads) == 10
    assert results == static_fields.results(target)
