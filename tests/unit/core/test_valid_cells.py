"""Cells that ever have a value."""

import numpy as np
import xarray as xr

from downbench.core.spatial.grids import SAMPLED_TIMES, valid_cells


def test_a_cell_counts_that_has_a_value_at_some_time() -> None:
    values = np.full((4, 2, 3), np.nan)
    values[1, 0, 2] = values[:, 1, 1] = 0.0
    found = valid_cells(xr.DataArray(values, dims=("time", "y", "x")))
    np.testing.assert_array_equal(found, [[False, False, True], [False, True, False]])


def test_a_long_series_is_looked_at_here_and_there() -> None:
    values = np.full((40 * SAMPLED_TIMES, 1, 2), np.nan)
    values[::40, 0, 0] = values[1, 0, 1] = 1.0
    found = valid_cells(xr.DataArray(values, dims=("time", "y", "x")))
    np.testing.assert_array_equal(found, [[True, False]])
