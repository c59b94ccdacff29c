"""Patches cut from frames."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from downbench.core import contract
from downbench.core.calendar import splits
from downbench.core.config.region.region import Region
from downbench.core.config.sources.patches import Patches
from downbench.core.errors import UserError
from downbench.core.spatial.grids import block_mean
from downbench.sources.files import source
from downbench.sources.files.patches import is_usable, side_by_side

FRAMES = 6


def frames(path: Path, seed: int = 0, minutes: int = 5) -> None:
    """Six wet frames of 20 x 30 cells in two events; the left edge is out of sight."""
    rng = np.random.default_rng(seed)
    rate = rng.gamma(0.5, 3.0, (FRAMES, 20, 30))
    rate[:, :, 0] = np.nan
    rate[0] = 0.0
    first = xr.date_range("2020-05-01T23:50", periods=3, freq=f"{minutes}min")
    second = xr.date_range("2020-07-02T12:00", periods=3, freq=f"{minutes}min")
    xr.Dataset(
        {
            "rate": (("time", "y", "x"), rate),
            "event": ("time", np.array([1, 1, 1, 2, 2, 2])),
        },
        coords={"time": first.append(second)},
    ).to_netcdf(path)


def region(folder: Path, **options) -> Region:
    entry = {
        "path": "frames.nc",
        "variable": "rate",
        "units": "mm h-1",
        "label": "radar",
        "event_variable": "event",
        "most_patches": 100,
    }
    patches = {
        "wet_mm_day": 2.4,
        "least_wet_share": 0.1,
        "least_valid_share": 0.9,
        "seed": 1,
        "files": [{**entry, **options}],
    }
    return Region.model_validate(
        {
            "name": "radar",
            "targets": ["pr"],
            "factor": 4,
            "resolution_km": 1.0,
            "year_start_month": 1,
            "drivers": {"perfect": {"type": "perfect", "predictors": ["pr"]}},
            "splits": {
                "by": "event",
                "train": ["radar-2020-05-01"],
                "validation": ["x"],
                "test": ["radar-2020-07-02"],
                "buffer_days": 0,
            },
            "data_dir": str(folder),
            "target": {
                "source": "files",
                "frequency": "5min",
                "accumulation_window": "one frame",
                "fine_shape": [8, 8],
                "patches": patches,
            },
        }
    )


@pytest.fixture
def folder(tmp_path) -> Path:
    frames(tmp_path / "frames.nc")
    return tmp_path


def test_patches_tile_the_frame_without_overlap() -> None:
    frame = np.arange(20 * 30).reshape(20, 30)
    tiles, corners = side_by_side(frame, (8, 8))
    assert tiles.shape == (6, 8, 8)
    assert np.unique(tiles).size == tiles.size
    for tile, (row, column) in zip(tiles, corners, strict=True):
        np.testing.assert_array_equal(tile, frame[row : row + 8, column : column + 8])


def test_dry_and_half_seen_patches_do_not_pass() -> None:
    tiles = np.full((3, 8, 8), 5.0)
    tiles[1] = 0.0
    tiles[2, :4] = np.nan
    rule = Patches(
        wet_mm_day=2.4,
        least_wet_share=0.1,
        least_valid_share=0.9,
        seed=1,
        files=[{"path": "-", "variable": "-", "label": "-", "most_patches": 1}],
    )
    np.testing.assert_array_equal(is_usable(tiles, rule), [True, False, False])


def test_the_target_keeps_the_contract_and_names_events(folder) -> None:
    got = source.target(region(folder))
    contract.check(got, "target")
    assert set(got["event"].values) == {"radar-2020-05-01", "radar-2020-07-02"}
    assert (np.diff(got["time"].values) > np.timedelta64(0)).all()
    assert got.sizes["time"] == 5 * 4  # the first frame is dry; the left patches are out of sight
    assert set(got["source"].values) == {"radar"}


def test_rain_is_the_frames_rate_in_mm_day(folder) -> None:
    got = source.target(region(folder))
    raw = xr.open_dataset(folder / "frames.nc")["rate"]
    patch = got.isel(time=-1)
    row, column = int(patch["row"]), int(patch["column"])
    wanted = raw.values[-1, row : row + 8, column : column + 8] * 24
    np.testing.assert_allclose(patch["pr"].values, wanted, rtol=1e-6)


def test_the_driver_is_the_block_mean_and_knows_the_events(folder) -> None:
    radar = region(folder)
    fine = source.target(radar)
    got = source.driver(radar, "perfect", fine)
    contract.check(got, "driver")
    np.testing.assert_allclose(got["pr"], block_mean(fine["pr"].values, 4), rtol=1e-6)
    test = splits.select(got, radar.splits, "test")
    assert set(test["event"].values) == {"radar-2020-07-02"}


def test_the_draw_is_seeded_and_limited(folder) -> None:
    few = [source.target(region(folder, most_patches=5)) for _ in range(2)]
    assert few[0].sizes["time"] == 10
    xr.testing.assert_identical(few[0], few[1])


def test_without_static_fields_none_is_made_up(folder) -> None:
    got = source.target(region(folder))
    assert np.isnan(got["orog"].values).all() and np.isnan(got["land"].values).all()


def test_more_patches_than_seconds_between_frames_is_reported(tmp_path) -> None:
    frames(tmp_path / "frames.nc")
    close = xr.open_dataset(tmp_path / "frames.nc").load()
    close.close()
    stamps = close["time"].values[0] + np.arange(FRAMES) * np.timedelta64(2, "s")
    close.assign_coords(time=stamps).to_netcdf(tmp_path / "close.nc")
    with pytest.raises(UserError, match="lower most_patches"):
        source.target(region(tmp_path, path="close.nc"))


def test_an_event_without_a_wet_patch_is_reported(tmp_path) -> None:
    frames(tmp_path / "frames.nc")
    dry = xr.open_dataset(tmp_path / "frames.nc").load()
    dry.close()
    dry["rate"][3:] = 0.0
    dry.to_netcdf(tmp_path / "dry.nc")
    with pytest.raises(UserError, match="2020-07-02 has no patch"):
        source.target(region(tmp_path, path="dry.nc"))


def test_an_absent_variable_is_reported(folder) -> None:
    with pytest.raises(UserError, match="no variable 'reflectivity'"):
        source.target(region(folder, variable="reflectivity"))


def test_events_by_hours_reach_the_target_and_dry_ones_are_left_out(folder, capsys) -> None:
    options = {"event_variable": None, "event_hours": 0.17, "event_pause_hours": 0.05}
    got = source.target(region(folder, **options))
    assert set(got["event"].values) == {"radar-2020-05-01", "radar-2020-07-02"}
    listed = capsys.readouterr().out
    assert (
        "events of the target: 2" in listed and "radar-2020-07-02: 2020-07-02 12:00 to" in listed
    )


def test_events_that_overlap_in_time_are_named(folder) -> None:
    double = region(folder).model_dump(mode="json")
    files = double["target"]["patches"]["files"]
    double["target"]["patches"]["files"] = [*files, {**files[0], "label": "other"}]
    with pytest.raises(UserError, match=r"overlap.*radar-2020-05-01 .*other-2020-05-01 "):
        source.target(Region.model_validate(double))


def on_axes(folder: Path, **axes) -> None:
    made = xr.open_dataset(folder / "frames.nc").load()
    made.close()
    made.assign_coords(axes).to_netcdf(folder / "placed.nc")


@pytest.mark.parametrize("units", [("m", 1.0), ("km", 1e-3), ("degrees", 1 / 111195)])
def test_cells_have_the_size_that_the_region_states(folder, units) -> None:
    unit, metre = units
    names = ("lat", "lon") if unit == "degrees" else ("y", "x")
    for km, sound in ((1.0, True), (2.0, False)):
        axes = {
            name: (dim, 1000.0 * km * metre * np.arange(n), {"units": unit})
            for name, dim, n in zip(names, ("y", "x"), (20, 30), strict=True)
        }
        on_axes(folder, **axes)
        if sound:
            assert source.target(region(folder, path="placed.nc")).sizes["time"] == 20
            continue
        with pytest.raises(UserError, match="cells are 2 km wide, but resolution_km = 1"):
            source.target(region(folder, path="placed.nc"))


def test_frames_without_coordinates_are_reported(folder, capsys) -> None:
    source.target(region(folder))
    assert "no coordinates, its cells count as 1 km wide" in capsys.readouterr().out


def test_frames_smaller_than_a_patch_are_refused(folder) -> None:
    small = xr.open_dataset(folder / "frames.nc").load().isel(y=slice(6))
    small.to_netcdf(folder / "small.nc")
    with pytest.raises(UserError, match="a frame has 6 x 30 cells, .* choose smaller patches"):
        source.target(region(folder, path="small.nc"))
