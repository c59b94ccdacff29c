"""Areas, overlaps and means of rotated grids, against grids whose answer is known."""

import numpy as np
import pyproj
import pytest
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.spatial import outline, rectilinear
from downbench.core.spatial.cell_corners import CORNERS, cell_areas, cell_corners
from downbench.core.spatial.cell_overlap import cell_overlap
from downbench.core.spatial.grids import block_mean
from downbench.core.spatial.regrid import regrid
from downbench.core.spatial.sphere import lat_lon, unit_vectors
from rotated_grids import flat, rotated

ROWS, COLUMNS = -8 + 0.44 * np.arange(16), -6 + 0.44 * np.arange(20)


def regular(south: float, north: float, west: float, east: float, step: float) -> xr.Dataset:
    axes = {
        "lat": np.arange(south + step / 2, north, step),
        "lon": np.arange(west + step / 2, east, step),
    }
    return xr.Dataset(coords=axes)


def with_rain(grid: xr.Dataset, times: int = 3) -> xr.Dataset:
    dims = grid["lat"].dims if grid["lat"].ndim == 2 else ("lat", "lon")
    shape = (times, *(grid.sizes[dim] for dim in dims))
    return grid.assign(pr=(("time", *dims), np.random.default_rng(0).gamma(1.0, 5.0, shape)))


AROUND = regular(30, 62, -10, 40, 1.0)
INSIDE = regular(43, 46, 12, 16, 1.0)


def test_areas_of_a_rotated_grid_are_those_in_its_own_coordinates():
    expected = rectilinear.cell_area(ROWS, COLUMNS)
    np.testing.assert_allclose(cell_areas(rotated(ROWS, COLUMNS)), expected, rtol=1e-4)


@pytest.mark.parametrize("pole", [(0.0, 180.0), (39.25, -162.0), (5.0, 20.0)])
def test_neither_the_pole_nor_the_date_line_matters(pole):
    """The first grid has the North Pole inside, the last one lies across 180 degrees."""
    grid = rotated(ROWS + 4, COLUMNS, pole)
    np.testing.assert_allclose(
        cell_areas(grid), rectilinear.cell_area(ROWS + 4, COLUMNS), rtol=1e-4
    )
    means = regrid(with_rain(grid), grid, "conservative", 1.0)["pr"]
    np.testing.assert_allclose(means, with_rain(grid)["pr"], rtol=1e-6)


@pytest.mark.parametrize(
    ("source", "grid"),
    [(rotated(ROWS, COLUMNS), INSIDE), (AROUND, rotated(ROWS, COLUMNS)),
     (rotated(ROWS, COLUMNS), rotated(ROWS[4:-4], COLUMNS[5:-5] + 0.1, (39.0, -162.5)))],
)  # fmt: skip
@pytest.mark.parametrize("method", ["conservative", "linear"])
def test_a_constant_stays_constant(source, grid, method):
    field = with_rain(source)
    field["pr"][:] = 3.0
    np.testing.assert_allclose(regrid(field, grid, method, 1.0)["pr"], 3.0, rtol=1e-12)


def test_every_source_cell_is_distributed_completely():
    """Mass: what the target cells take of a source cell adds up to its area."""
    source = rotated(ROWS, COLUMNS)
    cells = cell_overlap(source, AROUND, 1.0)
    taken = cells.share.T @ rectilinear.cell_area(AROUND["lat"], AROUND["lon"]).ravel()
    assert cells.index.size == source["lat"].size
    np.testing.assert_allclose(taken, cell_areas(source).ravel(), rtol=1e-6)
    assert taken.sum() == pytest.approx(cell_areas(source).sum(), rel=1e-6)


LAMBERT = pyproj.CRS.from_proj4("+proj=lcc +lat_1=50 +lat_2=50 +lat_0=50 +lon_0=8 +R=6371000")


def lambert(rows: int, columns: int, step_m: float) -> xr.Dataset:
    """Cells of equal size on a Lambert cone, as those of CERRA, from 50° N 8° E."""
    x, y = (step_m * np.arange(count) for count in (columns, rows))
    to_degrees = pyproj.Transformer.from_crs(LAMBERT, "EPSG:4326", always_xy=True)
    lon, lat = to_degrees.transform(*np.meshgrid(x, y))
    return xr.Dataset(coords={"lat": (("y", "x"), lat), "lon": (("y", "x"), lon)})


def test_areas_of_a_lambert_grid_are_those_of_its_plane_over_the_square_of_its_scale():
    """Corners beyond the outermost centres are continued linearly, and so a little off."""
    grid = lambert(20, 30, 5500.0)
    scale = pyproj.Proj(LAMBERT).get_factors(grid["lon"].values, grid["lat"].values)
    expected = 5500.0**2 / scale.areal_scale
    inner = (slice(1, -1), slice(1, -1))
    np.testing.assert_allclose(cell_areas(grid)[inner], expected[inner], rtol=1e-6)
    np.testing.assert_allclose(cell_areas(grid), expected, rtol=1e-5)


def test_integrals_are_kept_between_a_lambert_and_a_regular_grid():
    source, grid = lambert(40, 50, 5500.0), regular(49, 54, 6, 14, 0.25)
    cells = cell_overlap(source, grid, 0.0)
    rain = with_rain(source)["pr"].values
    area = rectilinear.cell_area(grid["lat"], grid["lon"]).ravel()
    covered = np.asarray(cells.share.sum(axis=1)).ravel() * area
    integral = np.nansum(cells.of(rain) * covered, axis=1)
    np.testing.assert_allclose(integral, (rain * cell_areas(source)).sum(axis=(1, 2)), rtol=1e-6)


def test_means_of_an_analytic_field_are_its_integrals():
    """The sine of latitude over fine cells, against its integral between two parallels."""
    source = lambert(60, 60, 5500.0)
    field = source.assign(pr=(("time", "y", "x"), np.sin(np.radians(source["lat"].values))[None]))
    grid = regular(50.5, 51.5, 8.5, 10.0, 0.5)
    exact = np.sin(np.radians(grid["lat"])) * np.cos(np.radians(0.25))
    means = regrid(field, grid, "conservative", 1.0)["pr"][0]
    np.testing.assert_allclose(means, np.stack([exact] * 3, axis=1), rtol=1e-5)


def test_blocks_of_a_rotated_grid_are_its_block_means():
    source = with_rain(rotated(ROWS, COLUMNS))
    corners = lat_lon(cell_corners(source)[::4, ::4])
    stated = {name: (("i", "j"), c) for name, c in zip(CORNERS, corners, strict=True)}
    centres = {n: (("Y", "X"), block_mean(source[n].values, 4)) for n in ("lat", "lon")}
    means = regrid(source, xr.Dataset(coords={**centres, **stated}), "conservative", 1.0)["pr"]
    expected = block_mean(source["pr"].values, 4, cell_areas(source))
    np.testing.assert_allclose(means, expected, rtol=1e-3)


def test_overlaps_agree_with_the_exact_ones_of_rectilinear_grids():
    """The sides of cells of one degree are arcs, which the plane makes straight."""
    source = with_rain(AROUND)
    exact = regrid(source, INSIDE, "conservative", 1.0)["pr"]
    means = regrid(flat(source), INSIDE, "conservative", 1.0)["pr"]
    np.testing.assert_allclose(means, exact, rtol=5e-3, atol=0.02)


def test_missing_cells_are_left_out_as_on_rectilinear_grids():
    source = with_rain(AROUND)
    source["pr"][:, 12:17, 20:25] = np.nan
    grid = regular(42, 52, 8, 18, 2.0)
    for least in (0.3, 1.0):
        exact = regrid(source, grid, "conservative", least)["pr"]
        means = regrid(flat(source), grid, "conservative", least)["pr"]
        assert exact.isnull().any() and exact.notnull().any()
        np.testing.assert_array_equal(means.isnull(), exact.isnull())
        np.testing.assert_allclose(means, exact, rtol=2e-2)


def test_cells_without_coordinates_are_left_out():
    source = with_rain(rotated(ROWS, COLUMNS))
    complete = {m: regrid(source, INSIDE, m, 1.0)["pr"] for m in ("conservative", "linear")}
    hidden = (np.arange(16)[:, None] < 2) & (np.arange(20) < 3)
    holes = source.assign_coords(
        {n: (source[n].dims, np.where(hidden, np.nan, source[n])) for n in ("lat", "lon")}
    )
    for method, expected in complete.items():
        np.testing.assert_allclose(regrid(holes, INSIDE, method, 1.0)["pr"], expected, rtol=1e-9)
    assert np.isnan(cell_areas(holes)).sum() == 6


def test_a_gap_in_the_coordinates_is_not_bridged():
    source = with_rain(rotated(ROWS, COLUMNS))
    hidden = (abs(np.arange(16)[:, None] - 8) < 3) & (abs(np.arange(20) - 10) < 3)
    holes = source.assign_coords(
        {n: (source[n].dims, np.where(hidden, np.nan, source[n])) for n in ("lat", "lon")}
    )
    middle = xr.Dataset(
        coords={n: (("Y", "X"), source[n].values[7:10, 9:12]) for n in ("lat", "lon")}
    )
    for method in ("conservative", "linear"):
        assert regrid(source, middle, method, 0.5)["pr"].notnull().all()
        assert regrid(holes, middle, method, 0.5)["pr"].isnull().all()


def test_linear_values_are_exact_for_a_plane_from_both_kinds_of_grids():
    for source, grid in ((rotated(ROWS, COLUMNS), INSIDE), (AROUND, rotated(ROWS, COLUMNS))):
        plane = (2 * source["lat"] + 3 * source["lon"]).expand_dims(time=2)
        values = regrid(source.assign(tas=plane), grid, "linear", 1.0)["tas"][0]
        np.testing.assert_allclose(values, 2 * grid["lat"] + 3 * grid["lon"], rtol=1e-9)


def test_linear_values_are_missing_beyond_the_source_but_not_for_rounding():
    grid = rotated(ROWS, COLUMNS)
    inner = rotated(ROWS[2:-2], COLUMNS[2:-2])
    lat, lon = inner["lat"].values, inner["lon"].values
    cut = xr.Dataset(
        {"tas": (("lat", "lon"), np.ones((30, 30)))},
        coords={"lat": np.linspace(lat.min() + 1e-6, lat.max(), 30),
                "lon": np.linspace(lon.min(), lon.max() - 1e-6, 30)},
    )  # fmt: skip
    assert regrid(cut, inner, "linear", 1.0)["tas"].notnull().all()
    assert regrid(cut, grid, "linear", 1.0)["tas"].isnull().any()


def test_a_grid_that_is_the_target_but_for_rounding_has_no_cell_missing():
    """Corners of blocks are those of fine cells, corners of the source follow from its centres."""
    fine = rotated(-4 + 0.11 * np.arange(32), 2 + 0.11 * np.arange(40))
    vectors = np.moveaxis(unit_vectors(fine["lat"].values, fine["lon"].values), -1, 0)
    centres = lat_lon(np.moveaxis(block_mean(vectors, 4), 0, -1))
    corners = lat_lon(cell_corners(fine)[::4, ::4])
    blocks = {n: (("Y", "X"), c) for n, c in zip(("lat", "lon"), centres, strict=True)}
    stated = {n: (("i", "j"), c) for n, c in zip(CORNERS, corners, strict=True)}
    rounded = {n: (("y", "x"), c.astype(np.float32)) for n, (_, c) in blocks.items()}
    source = with_rain(xr.Dataset(coords=rounded))
    for method in ("conservative", "linear"):
        values = regrid(source, xr.Dataset(coords={**blocks, **stated}), method, 1.0)["pr"]
        np.testing.assert_allclose(values, source["pr"], rtol=1e-3, atol=0.01)


def test_a_folded_grid_is_refused():
    grid = rotated(ROWS, COLUMNS)
    folded = with_rain(grid).assign_coords(lon=grid["lon"][:, ::-1].copy(data=np.sort(
        np.random.default_rng(0).permuted(grid["lon"], axis=1), axis=0)))  # fmt: skip
    with pytest.raises(UserError, match="folded"):
        regrid(folded, INSIDE, "conservative", 1.0)


def test_one_row_has_no_size():
    row = rotated(ROWS[:1], COLUMNS)
    with pytest.raises(UserError, match="fewer than two rows"):
        cell_areas(row)


def test_points_inside_the_outline_of_a_rotated_grid():
    grid = rotated(ROWS, COLUMNS)
    edge = rotated(np.array([-8.2, -8.3]), COLUMNS[:2])
    points = tuple(
        np.array([field.values[5, 5], *edge[name].values[:, 0], 10.0])
        for name, field in (("lat", grid["lat"]), ("lon", grid["lon"]))
    )
    assert outline.is_inside(grid, points).tolist() == [True, True, False, False]
