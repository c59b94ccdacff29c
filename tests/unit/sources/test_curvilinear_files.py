"""Regions whose target or drivers are on projected or rotated grids."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from downbench.core import contract
from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.errors import UserError
from downbench.core.spatial import rectilinear
from downbench.core.spatial.cell_corners import cell_areas
from downbench.core.spatial.grids import block_mean
from downbench.sources.files import curvilinear, source
from rotated_grids import rotated

ROWS, COLUMNS = -4 + 0.11 * np.arange(16), 2 + 0.11 * np.arange(20)
TIME = xr.date_range("2001-01-01", periods=20, freq="D")
FINE = rotated(ROWS, COLUMNS)


def weather(grid: xr.Dataset) -> xr.Dataset:
    """Rain that is the same everywhere on a day, and a temperature that is a plane [K]."""
    rain = (1.0 + np.arange(len(TIME)))[:, None, None] * np.ones(grid["lat"].shape)
    plane = (280 + 0.5 * grid["lat"] - 0.2 * grid["lon"]).values * np.ones((len(TIME), 1, 1))
    dims = ("time", *grid["lat"].dims)
    fields = {"pr": (dims, rain, {"units": "mm"}), "tas": (dims, plane, {"units": "K"})}
    return grid.assign(fields).assign_coords(time=TIME)


def region(folder: Path, driver: str = "driver.nc", **target) -> RegionInputs:
    variables = {n: {"path": "fine.nc", "variable": n} for n in ("pr", "tas")}
    methods = {"pr": "conservative", "tas": "linear"}
    coarse = {n: {"path": driver, "variable": n, "method": m} for n, m in methods.items()}
    predictors = ["pr", "tas"]
    return RegionInputs.model_validate(
        {
            "name": "little",
            "targets": predictors,
            "factor": 4,
            "resolution_km": 12.0,
            "year_start_month": 1,
            "data_dir": str(folder),
            "target": {
                "source": "files",
                "frequency": "day",
                "accumulation_window": "00-24 UTC",
                "fine_shape": [16, 20],
                "variables": variables,
                **target,
            },
            "drivers": {
                "perfect": {"type": "perfect", "predictors": predictors},
                "era5": {"type": "reanalysis", "predictors": predictors, "source": "files",
                         "variables": coarse},
            },
        }
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path) -> Path:
    """An image that begins in the north, its axes transposed, longitudes to 360; a wide driver."""
    fine = weather(FINE).isel(y=slice(None, None, -1)).transpose("time", "x", "y")
    fine = fine.assign_coords(lon=fine["lon"].T % 360, lat=fine["lat"].T)
    fine.rename(y="rlat", x="rlon").to_netcdf(tmp_path / "fine.nc")
    weather(rotated(-8 + 0.44 * np.arange(20), -2 + 0.44 * np.arange(20))).to_netcdf(
        tmp_path / "driver.nc"
    )
    return tmp_path


def test_the_target_keeps_the_contract_with_rows_to_the_north_and_true_areas(folder):
    got = source.target(region(folder))
    contract.check(got.assign_attrs(factor=4), "target")
    for name in ("lat", "lon"):
        np.testing.assert_allclose(got[name], FINE[name], atol=1e-9)
    np.testing.assert_allclose(got["tas"], weather(FINE)["tas"], rtol=1e-6)
    np.testing.assert_allclose(got["cell_area"], rectilinear.cell_area(ROWS, COLUMNS), rtol=1e-4)


def test_block_means_are_weighted_by_these_areas_and_lie_in_the_middle(folder):
    little = region(folder)
    fine = source.target(little)
    fine["pr"][:] = np.random.default_rng(0).gamma(1.0, 5.0, fine["pr"].shape)
    got = source.driver(little, "perfect", fine)
    contract.check(got, "driver")
    np.testing.assert_allclose(
        got["pr"], block_mean(fine["pr"].values, 4, cell_areas(FINE)), rtol=1e-6
    )
    np.testing.assert_allclose(got["lat"], block_mean(FINE["lat"].values, 4), atol=2e-3)


def regular(folder: Path) -> str:
    axes = {"lat": np.arange(38, 60, 0.5), "lon": np.arange(5, 40, 0.5)}
    grid = xr.Dataset(coords=axes)
    grid = grid.assign_coords(
        dict(zip(("lat", "lon"), xr.broadcast(grid["lat"], grid["lon"]), strict=True))
    )
    fields = weather(grid.rename_dims(lat="y", lon="x")).drop_vars(["lat", "lon"])
    fields.rename_dims(y="lat", x="lon").assign_coords(axes).to_netcdf(folder / "regular.nc")
    return "regular.nc"


@pytest.mark.parametrize("kind", ["rotated", "regular"])
def test_drivers_on_either_kind_of_grid_reach_the_blocks(folder, kind):
    little = region(folder, "driver.nc" if kind == "rotated" else regular(folder))
    got = source.driver(little, "era5", source.target(little))
    contract.check(got, "driver")
    assert got["pr"].dims == ("time", "Y", "X") and got["pr"].shape == (20, 4, 5)
    np.testing.assert_allclose(got["pr"][:, 2, 3], 1.0 + np.arange(20), rtol=1e-6)
    plane = 280 + 0.5 * got["lat"] - 0.2 * got["lon"]
    np.testing.assert_allclose(got["tas"][0], plane, atol=1e-3)


def test_a_rotated_driver_reaches_a_region_on_a_regular_grid(folder):
    axes = {"lat": 44 + 0.125 * np.arange(16), "lon": 21 + 0.125 * np.arange(20)}
    mesh = dict(zip(("lat", "lon"), np.meshgrid(*axes.values(), indexing="ij"), strict=True))
    grid = xr.Dataset(coords={name: (("y", "x"), field) for name, field in mesh.items()})
    fine = weather(grid).drop_vars(["lat", "lon"]).rename_dims(y="lat", x="lon")
    fine.assign_coords(axes).to_netcdf(folder / "fine.nc")
    little = region(folder)
    got = source.driver(little, "era5", source.target(little))
    np.testing.assert_allclose(got["pr"][4], 5.0, rtol=1e-6)
    plane = 280 + 0.5 * got["lat"] - 0.2 * got["lon"]
    np.testing.assert_allclose(got["tas"][0], plane, atol=1e-3)


def test_edges_that_miss_the_shape_name_the_first_cell_that_fits(folder):
    edges = {
        "south": float(FINE["lat"][5, 8]) - 0.01, "north": float(FINE["lat"][10, 14]) + 0.01,
        "west": float(FINE["lon"][5, 8]) - 0.01, "east": float(FINE["lon"][10, 14]) + 0.01,
    }  # fmt: skip
    with pytest.raises(UserError, match=r"`first_cell: \{row: \d+, column: \d+\}`"):
        source.target(region(folder, crop=edges, fine_shape=[8, 8]))
    cells = {"row": 4, "column": 7}
    got = source.target(region(folder, first_cell=cells, fine_shape=[8, 8]))
    np.testing.assert_allclose(got["lat"], FINE["lat"][4:12, 7:15], atol=1e-9)
    with pytest.raises(UserError, match="ends at row 20 .* but the file has 16 rows"):
        source.target(region(folder, first_cell={**cells, "row": 12}, fine_shape=[8, 8]))


def test_edges_around_all_cells_keep_all(folder):
    edges = {"south": 30, "north": 60, "west": 0, "east": 60}
    assert source.target(region(folder, crop=edges)).sizes["y"] == 16
    with pytest.raises(UserError, match="no cell is inside the crop"):
        source.target(region(folder, crop={**edges, "south": 59}))


def test_heights_of_a_larger_domain_are_taken_at_the_cells(folder):
    wide = rotated(-4.33 + 0.11 * np.arange(24), 1.89 + 0.11 * np.arange(30))
    height = (100 * (wide["lat"] - 40)).round(1)
    wide.round(3).assign(z=height.assign_attrs(units="m").drop_vars(["lat", "lon"])).to_netcdf(
        folder / "dem.nc"
    )
    static = {"orog": {"path": "dem.nc", "variable": "z"}}
    got = source.target(region(folder, static=static))
    np.testing.assert_allclose(got["orog"], 100 * (FINE["lat"] - 40), atol=0.1)
    other = rotated(ROWS + 0.05, COLUMNS)
    other.assign(z=other["lat"].assign_attrs(units="m")).to_netcdf(folder / "dem2.nc")
    with pytest.raises(UserError, match="dem2.nc.*is on another grid.*0.4.* cells off"):
        source.target(region(folder, static={"orog": {"path": "dem2.nc", "variable": "z"}}))


def test_a_projection_stands_for_latitudes_and_longitudes(folder):
    bare = weather(FINE).drop_vars(["lat", "lon"]).rename(y="rlat", x="rlon")
    axes = {
        "rlat": ("rlat", ROWS, {"standard_name": "grid_latitude", "units": "degrees"}),
        "rlon": ("rlon", COLUMNS, {"standard_name": "grid_longitude", "units": "degrees"}),
    }
    pole = {
        "grid_mapping_name": "rotated_latitude_longitude",
        "grid_north_pole_latitude": 39.25,
        "grid_north_pole_longitude": -162.0,
    }
    stated = bare.assign_coords(axes).assign(pole=((), 0, pole))  # fmt: skip
    for name in ("pr", "tas"):
        stated[name].attrs["grid_mapping"] = "pole"
    stated.to_netcdf(folder / "fine.nc")
    got = source.target(region(folder))
    for name in ("lat", "lon"):
        np.testing.assert_allclose(got[name], FINE[name], atol=1e-6)
    stated["rlat"].attrs["units"] = "steps"
    stated.to_netcdf(folder / "fine.nc")
    with pytest.raises(UserError, match="axis rlat has the units 'steps'"):
        source.target(region(folder))


def test_a_target_needs_coordinates_in_every_cell(folder):
    holes = weather(FINE)
    holes["lat"] = holes["lat"].where(holes["lat"] > FINE["lat"][0, 0])
    holes.to_netcdf(folder / "fine.nc")
    with pytest.raises(UserError, match="cells of the target have no latitude or longitude"):
        source.target(region(folder))


def test_variables_on_two_grids_are_refused(folder):
    weather(rotated(ROWS + 0.05, COLUMNS)).to_netcdf(folder / "other.nc")
    both = {n: {"path": p, "variable": n} for n, p in (("pr", "fine.nc"), ("tas", "other.nc"))}
    with pytest.raises(UserError, match=r"other.nc.*is on another grid"):
        source.target(region(folder, variables=both))


def test_only_the_part_near_the_region_is_read():
    axes = {"lat": np.arange(-89.5, 90), "lon": np.arange(-179.5, 180)}
    world = xr.DataArray(np.zeros((180, 360)), dims=("lat", "lon"), coords=axes)
    part = curvilinear.near(world, FINE, "world.nc")
    assert part.sizes["lat"] < 10 and part.sizes["lon"] < 12
    for name in ("lat", "lon"):
        assert part[name].min() < FINE[name].min() - 1 and part[name].max() > FINE[name].max() + 1
    wide = rotated(-30 + np.arange(60.0), -30 + np.arange(60.0))
    some = curvilinear.near(wide["lat"].assign_coords(wide.coords), FINE, "wide.nc")
    assert max(some.sizes.values()) < 10
    assert some["lat"].min() < FINE["lat"].min() and some["lon"].max() > FINE["lon"].max()
    for field in (part, some):
        with pytest.raises(UserError, match="part.nc: .*take a file of the region"):
            curvilinear.near(field, rotated(ROWS - 60, COLUMNS), "part.nc")


def test_a_resolution_that_is_not_that_of_the_cells_is_reported(folder, capsys):
    source.target(region(folder))
    assert "resolution_km" not in capsys.readouterr().out
    source.target(region(folder).model_copy(update={"resolution_km": 5.0}))
    assert "12.2 km wide, but resolution_km = 5" in capsys.readouterr().out
