"""Longitudes of a region: one branch, wherever the region lies."""

import numpy as np
import pytest

from downbench.core.spatial.longitudes import around, continuous, wrapped


@pytest.mark.parametrize("west", [-180.0, -30.0, 0.0, 170.0, 178.0, 179.9])
@pytest.mark.parametrize("step", [0.1, 1.0])
@pytest.mark.parametrize("cells", [1, 2, 12])
def test_a_region_has_no_jump(west, step, cells) -> None:
    lon = west + step * np.arange(cells)
    for given in (lon, wrapped(lon), lon % 360):
        result = continuous(given)
        np.testing.assert_allclose(np.diff(result), np.diff(lon), atol=1e-9)
        np.testing.assert_allclose(wrapped(result), wrapped(lon), atol=1e-9)


@pytest.mark.parametrize("first", [-180.0, 0.0, 1.25])
def test_a_grid_around_the_globe_starts_at_180_west(first) -> None:
    result = continuous(first + 2.5 * np.arange(144))
    assert result.min() >= -180 and result.max() < 180 and np.unique(result).size == 144


def test_the_largest_gap_is_outside_the_region() -> None:
    result = continuous(np.array([-179.0, 179.0, 170.0, -170.0]))
    np.testing.assert_array_equal(result, [181.0, 179.0, 170.0, 190.0])


def test_values_that_are_in_their_branch_keep_every_bit() -> None:
    lon = np.float32(6.1) + np.arange(5, dtype=np.float32)
    np.testing.assert_array_equal(wrapped(lon), lon.astype(float))
    np.testing.assert_array_equal(around(lon, 170.0), lon.astype(float))
    np.testing.assert_allclose(around(np.array([-179.0, 3.0]), 179.0), [181.0, 3.0])
