"""Positions and shapes of maps."""

import numpy as np
import pytest
import xarray as xr

from downbench.plots.map_positions import has_positions, height_over_width, positions


def regular(lat: np.ndarray, lon: np.ndarray) -> xr.DataArray:
    fields = np.meshgrid(lat, (lon + 180) % 360 - 180, indexing="ij")
    coords = {name: (("y", "x"), f) for name, f in zip(("lat", "lon"), fields, strict=True)}
    return xr.DataArray(np.ones(fields[0].shape), dims=("y", "x"), coords=coords)


def test_longitudes_run_on_across_180_degrees():
    lon, _ = positions(regular(np.arange(60, 62, 0.5), 178.5 + np.arange(6)))
    assert np.ptp(np.diff(lon[0])) < 1e-9 and np.ptp(lon) == pytest.approx(5)


def test_a_map_is_as_high_as_its_ground():
    square = np.arange(-1, 1.01, 0.1)
    assert height_over_width(regular(square, square)) == pytest.approx(1, rel=1e-3)
    north = regular(60 + square, 2 * square)
    assert height_over_width(north) == pytest.approx(1, rel=1e-3)


def test_a_strip_turned_by_45_degrees_covers_a_square():
    y, x = np.meshgrid(np.arange(4) * 0.1, np.arange(40) * 0.1, indexing="ij")
    coords = {"lat": (("y", "x"), (x + y) * 0.7), "lon": (("y", "x"), (x - y) * 0.7)}
    strip = xr.DataArray(np.ones(x.shape), dims=("y", "x"), coords=coords)
    assert has_positions(strip) and height_over_width(strip) == pytest.approx(1, rel=0.01)


def test_without_positions_cells_are_square():
    bare = xr.DataArray(np.ones((4, 8)), dims=("y", "x"))
    assert not has_positions(bare) and height_over_width(bare) == 0.5
