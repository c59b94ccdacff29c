"""Area-weighted means from the cells of any grid to those of another, by overlaps of polygons."""

from dataclasses import dataclass

import numpy as np
import shapely
import xarray as xr
from scipy import sparse

from downbench.core.errors import UserError
from downbench.core.spatial.cell_corners import cell_corners
from downbench.core.spatial.longitudes import wrapped
from downbench.core.spatial.rectilinear import ROUNDING
from downbench.core.spatial.sphere import equal_area_plane, lat_lon, normalised, unit_vectors

LONGEST_CHORD = 0.1
"""Sides are divided into pieces of this length, and parallels, which bend more, into quarters of
it [degrees]: areas are then right to 1e-6, as a side is off by an eighth of its square."""


@dataclass(frozen=True)
class CellOverlap:
    """Means over source cells, weighted by the area that they share with each target cell.

    Attributes
    ----------
    index : (used,) int
        Positions of the source cells that overlap the target, in the flattened grid.
    share : (target cell, used) sparse
        Share of the target cell's area [1].
    least_covered : float
        Valid source cells over at least this share make a mean, over the valid part alone [1].
    """

    index: np.ndarray
    share: sparse.csr_array
    least_covered: float

    def of(self, field: np.ndarray) -> np.ndarray:
        """Return means (…, target cell) of a field (…, y, x), NaN where too little is valid."""
        values = field.reshape(-1, field.shape[-2] * field.shape[-1])[:, self.index].T
        valid = np.isfinite(values)
        covered = self.share @ valid.astype(np.float64)
        total = self.share @ np.where(valid, values, 0.0).astype(np.float64)
        least = max(self.least_covered - ROUNDING, ROUNDING)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(covered >= least, total / covered, np.nan)
        return mean.T.reshape(*field.shape[:-2], -1)


def cell_overlap(source: xr.Dataset, grid: xr.Dataset, least_covered: float) -> CellOverlap:
    """Return the overlaps of the cells of two grids.

    Cells are polygons in a plane of equal area around the target, where their sides are arcs:
    pieces of them are straight.

    Parameters
    ----------
    source, grid
        Coordinates lat and lon [degrees], one- or two-dimensional. Source cells without
        coordinates are left out.
    least_covered
        As in `CellOverlap`.

    Raises
    ------
    UserError
        When cells of a grid are folded, or the target lacks coordinates.
    """
    corners = cell_corners(grid)
    if np.isnan(corners).any():
        raise UserError("cells of the target grid have no coordinates: crop the grid to others")
    centre = normalised(corners.reshape(-1, 3).mean(axis=0))
    target = _polygons(equal_area_plane(_outlines(grid, corners), centre), "target")
    placed = np.flatnonzero((source["lat"] + source["lon"]).notnull())
    outlines = _outlines(source, cell_corners(source))[placed]
    near = _near(outlines, corners, centre)
    index = placed[near]
    cells = _polygons(equal_area_plane(outlines[near], centre), "source")
    row, column = shapely.STRtree(cells).query(target, predicate="intersects")
    area = shapely.area(shapely.intersection(target[row], cells[column]))
    share = area / shapely.area(target)[row]
    matrix = sparse.csr_array((share, (row, column)), shape=(target.size, cells.size))
    return CellOverlap(index, matrix, least_covered)


def _outlines(grid: xr.Dataset, corners: np.ndarray) -> np.ndarray:
    """Return unit vectors (cell, n, 3) along the outline of each cell, in order around it."""
    along = _parallel if grid["lat"].ndim == 1 else _great_circle
    a, b = corners[:-1, :-1], corners[:-1, 1:]
    c, d = corners[1:, 1:], corners[1:, :-1]
    sides = (along(a, b), _great_circle(b, c), along(c, d), _great_circle(d, a))
    around = np.concatenate(sides, axis=2)
    return around.reshape(-1, around.shape[2], 3)


def _parallel(first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Return points (y, x, n, 3) on the parallel from each corner to the next, without that."""
    lat, start = lat_lon(first)
    step = wrapped(lat_lon(last)[1] - start)
    parts = _shares(np.abs(step), LONGEST_CHORD / 4)
    return unit_vectors(lat[..., None] + 0 * parts, start[..., None] + step[..., None] * parts)


def _great_circle(first: np.ndarray, last: np.ndarray) -> np.ndarray:
    parts = _shares(np.degrees(np.linalg.norm(last - first, axis=-1)), LONGEST_CHORD)[:, None]
    return normalised(first[..., None, :] * (1 - parts) + last[..., None, :] * parts)


def _shares(lengths: np.ndarray, longest: float) -> np.ndarray:
    """Return where sides [degrees] are divided, as shares from 0 on; NaN lengths do not count."""
    pieces = max(1, int(np.ceil(np.nanmax(lengths, initial=0.0) / longest)))
    return np.arange(pieces) / pieces


def _near(cells: np.ndarray, corners: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Return which cells have a corner within the target's radius, or a diagonal beyond it."""
    opposite = cells[:, cells.shape[1] // 2]
    diagonal = np.linalg.norm(cells[:, 0] - opposite, axis=-1)
    radius = np.linalg.norm(corners - centre, axis=-1).max()
    return np.linalg.norm(cells - centre, axis=-1).min(axis=1) <= radius + diagonal


def _polygons(corners: np.ndarray, what: str) -> np.ndarray:
    polygons = shapely.polygons(corners)
    folded = ~shapely.is_valid(polygons)
    if folded.any():
        raise UserError(
            f"{folded.sum()} cells of the {what} grid are folded: lat and lon do not run along "
            "its rows and columns: check the order of their dimensions, and crop rows or columns "
            "that repeat others"
        )
    return polygons
