"""Two data sets on one grid, or a message that says which coordinate differs."""

import numpy as np
import pytest
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.spatial.same_grid import require_same_grid


def grid(rows: int = 3, moved_degrees: float = 0.0) -> xr.Dataset:
    lat, lon = np.meshgrid(40.0 + np.arange(rows), np.arange(4.0), indexing="ij")
    names = ("y", "x")
    return xr.Dataset(coords={"lat": (names, lat), "lon": (names, lon + moved_degrees)})


def test_rounding_is_no_other_grid() -> None:
    require_same_grid(grid(), grid(moved_degrees=1e-5), "a and b")
    require_same_grid(grid(moved_degrees=-180.0), grid(moved_degrees=180.0 - 1e-5), "a and b")


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (grid(moved_degrees=0.01), r"a and b: lon differs \(shapes \(3, 4\) and \(3, 4\)\): fix"),
        (grid(rows=2), r"a and b: lat differs \(shapes \(3, 4\) and \(2, 4\)\): fix"),
    ],
)
def test_another_grid_is_reported_with_its_fix(other: xr.Dataset, told: str) -> None:
    with pytest.raises(UserError, match=told):
        require_same_grid(grid(), other, "a and b", "fix it")


def test_a_place_without_coordinates_hides_no_other() -> None:
    """One missing coordinate must not make the largest distance missing too."""
    other = grid(moved_degrees=0.01)
    other["lat"][0, 0] = np.nan
    with pytest.raises(UserError, match="lon differs"):
        require_same_grid(grid(), other, "a and b")
    other["lon"][0, 0] = np.nan
    with pytest.raises(UserError, match="lon differs"):
        require_same_grid(grid(), other, "a and b")
