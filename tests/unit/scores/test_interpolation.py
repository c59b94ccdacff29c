"""Values of a grid at points."""

import numpy as np
import pytest

from downbench.core.spatial import curvilinear
from downbench.scores.stations.interpolation import bilinear, nearest

LAT, LON = np.meshgrid(40 + 0.25 * np.arange(8), -5 + 0.25 * np.arange(10), indexing="ij")
ALL = np.ones(LAT.shape, bool)
PLANE = 3 + 2 * LAT - LON
POINTS = (np.array([40.6, 41.33, 40.0]), np.array([-4.1, -3.2, -5.0]))


def test_the_nearest_cell_at_a_centre_is_that_cell():
    cells, distance = nearest(LAT, LON, ALL, (LAT[2:4, 3], LON[2:4, 3]))
    assert cells.of(PLANE).tolist() == PLANE[2:4, 3].tolist()
    assert distance.max() < 1e-6


def test_a_point_in_a_cell_without_values_takes_the_nearest_that_has_some():
    valid = ALL.copy()
    valid[2, 3] = False
    cells, distance = nearest(LAT, LON, valid, (LAT[2, 3:4], LON[2, 3:4]))
    # A quarter of a degree is shorter along a parallel than along a meridian.
    assert cells.index[0, 0] in (2 * 10 + 2, 2 * 10 + 4)
    assert distance[0] == pytest.approx(111.2 * 0.25 * np.cos(np.radians(40.5)), rel=1e-3)


def test_bilinear_is_exact_on_a_plane():
    found = bilinear(LAT, LON, ALL, POINTS).of(np.stack([PLANE, -PLANE]))
    truth = 3 + 2 * POINTS[0] - POINTS[1]
    np.testing.assert_allclose(found, [truth, -truth], rtol=1e-12)


def test_missing_corners_leave_their_weight_to_the_others():
    valid, field = ALL.copy(), np.ones(LAT.shape)
    valid[2:4, 3] = False
    field[~valid] = np.nan
    assert bilinear(LAT, LON, valid, POINTS).of(field) == pytest.approx(1.0)


def test_where_all_corners_are_missing_the_nearest_cell_replaces_it():
    valid, field = ALL.copy(), PLANE.copy()
    valid[2:4, 3:5] = False
    field[~valid] = np.nan
    point = (np.array([40.6]), np.array([-4.1]))
    alone = nearest(LAT, LON, valid, point)[0]
    assert bilinear(LAT, LON, valid, point).of(field) == alone.of(field)


def test_bilinear_across_180_degrees_is_that_of_anywhere():
    moved = (LON + 184.0 + 180.0) % 360.0 - 180.0
    points = (POINTS[0], (POINTS[1] + 184.0 + 180.0) % 360.0 - 180.0)
    found, here = (bilinear(LAT, x, ALL, p).of(PLANE) for x, p in ((moved, points), (LON, POINTS)))
    np.testing.assert_allclose(found, here)


def turned(degrees: float = 25.0) -> tuple[np.ndarray, np.ndarray]:
    """Centres of a grid that is turned against the meridians."""
    a = np.radians(degrees)
    y, x = np.meshgrid(np.linspace(-2, 2, 12), np.linspace(-2.5, 2.5, 14), indexing="ij")
    return 41 + y * np.cos(a) + x * np.sin(a), -4 + x * np.cos(a) - y * np.sin(a)


def test_a_plane_on_a_turned_grid_comes_out_exactly():
    lat, lon = turned()
    found = curvilinear.linear(lat, lon, POINTS).of(3 + 2 * lat - lon)
    np.testing.assert_allclose(found, 3 + 2 * POINTS[0] - POINTS[1], rtol=1e-9)


def test_bilinear_on_a_turned_grid_is_exact_for_a_plane_and_keeps_to_valid_cells():
    lat, lon = turned()
    valid, field = np.ones(lat.shape, bool), 3 + 2 * lat - lon
    values = bilinear(lat, lon, valid, POINTS).of(field)
    np.testing.assert_allclose(values, 3 + 2 * POINTS[0] - POINTS[1], rtol=1e-9)
    valid[:, ::2] = False
    field = np.where(valid, 5.0, np.nan)
    np.testing.assert_allclose(bilinear(lat, lon, valid, POINTS).of(field), 5.0)


def test_bilinear_beyond_a_turned_grid_is_the_value_of_its_edge():
    lat, lon = turned()
    beyond = (lat[0, 4:6] - 0.3, lon[0, 4:6] + 0.1)
    values = bilinear(lat, lon, np.ones(lat.shape, bool), beyond).of(lat)
    assert set(values) <= set(lat[0])


def test_centres_of_a_turned_grid_keep_their_own_values():
    lat, lon = turned()
    field = np.random.default_rng(0).normal(size=lat.shape)
    inner = (lat[3:9, 3:9].ravel(), lon[3:9, 3:9].ravel())
    for way in (curvilinear.linear, curvilinear.nearest):
        np.testing.assert_allclose(way(lat, lon, inner).of(field), field[3:9, 3:9].ravel())


def test_points_beyond_a_turned_grid_get_nothing():
    lat, lon = turned()
    far = (np.array([41.0, 45.0]), np.array([-4.0, -4.0]))
    for way in (curvilinear.linear, curvilinear.nearest):
        assert np.isnan(way(lat, lon, far).of(lat)).tolist() == [False, True]


def test_a_missing_cell_spreads_to_the_points_that_need_it_alone():
    lat, lon = turned()
    field = np.where(np.arange(lat.size).reshape(lat.shape) == 0, np.nan, 1.0)
    found = curvilinear.linear(lat, lon, (lat.ravel(), lon.ravel())).of(field)
    assert np.isnan(found).sum() == 1
