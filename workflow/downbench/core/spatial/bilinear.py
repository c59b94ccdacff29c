"""Bilinear weights of the four cells around a point, from its position in rows and columns."""

import numpy as np

from downbench.core.spatial.curvilinear import CellWeights
from downbench.core.spatial.longitudes import around, continuous
from downbench.core.spatial.rectilinear import ROUNDING


def bilinear_weights(row: np.ndarray, column: np.ndarray, shape: tuple[int, int]) -> CellWeights:
    """Return weights (point, 4) of a grid of this shape with at least two rows and columns.

    Parameters
    ----------
    row, column : (point,)
        Positions in cells from the first centre; beyond the outermost centres the edge counts.
    """
    below, down = _lower_neighbour(row, shape[0])
    left, right = _lower_neighbour(column, shape[1])
    corners = [(i, j) for i in (0, 1) for j in (0, 1)]
    index = np.stack([(below + i) * shape[1] + left + j for i, j in corners], axis=1)
    weight = np.stack([np.abs(1 - i - down) * np.abs(1 - j - right) for i, j in corners], axis=1)
    return CellWeights(index, weight)


def on_axes(
    lat: np.ndarray, lon: np.ndarray, points: tuple[np.ndarray, np.ndarray]
) -> CellWeights:
    """Return weights of a rectilinear grid, NaN at points beyond the outermost centres.

    Parameters
    ----------
    lat : (y,)
        Ascending [degrees].
    lon : (x,)
        In any order [degrees]; the points may lie across the date line.
    points
        Latitudes and longitudes (point,) [degrees].
    """
    middle = float(continuous(points[1]).mean())
    east, point_east = (around(degrees, middle) for degrees in (lon, points[1]))
    order = np.argsort(east)
    row, column = _position(lat, points[0]), _position(east[order], point_east)
    cells = bilinear_weights(row, column, (lat.size, lon.size))
    outside = np.isnan(row + column)
    columns = order[cells.index % lon.size]
    index = cells.index // lon.size * lon.size + columns
    return CellWeights(index, np.where(outside[:, None], np.nan, cells.weight))


def _position(axis: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Return positions on an ascending axis [cells], NaN beyond its ends."""
    below, above = ROUNDING * np.diff(axis)[[0, -1]]
    outside = (points < axis[0] - below) | (points > axis[-1] + above)
    return np.where(outside, np.nan, np.interp(points, axis, np.arange(axis.size)))


def _lower_neighbour(position: np.ndarray, cells: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the cell below each position and the fraction above it."""
    inside = np.clip(np.nan_to_num(position), 0, cells - 1)
    below = np.minimum(inside.astype(int), cells - 2)
    return below, inside - below
