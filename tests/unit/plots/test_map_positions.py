"""Positions and shapes of maps."""

import numpy as np
import pytest
import xarray as xr
from rotated_grids import rotated

from downbench.plots.map_positions import has_positions, height_over_width, positions


def on(grid: xr.Dataset) -> xr.DataArray:
    return grid["lat"].rename("pr").assign_coords(lat=grid["lat"], lon=grid["lon"])


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
    # Turned by 45 degrees, a long strip covers a square.
    strip = on(rotated(np.arange(-2, 2.1, 0.5) * 0.01, np.arange(-5, 5.1, 0.5), (45.0, 90.0)))
    assert has_positions(strip) and 0.8 < height_over_width(strip) < 1.25


def test_without_positions_cells_are_square():
    bare = xr.DataArray(np.ones((4, 8)), dims=("y", "x"))
    assert not has_positions(bare) and height_over_width(bare) == 0.5
