"""Area-weighted means from the cells of any grid to those of another, by overlaps of polygons."""

from dataclasses import dataclass

import numpy as np
import shapely
import xarray as xr
from scipy import sparse

from downbench.core.errors import UserError
from downbench.core.spatial.cell_corners import cell_corners
from downbench.core.spatial.rectilinear import ROUNDING
from downbench.core.spatial.sphere import equal_area_plane, normalised


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

    Cells are quadrilaterals in a plane of equal area around the target: what is left at their
    sides, which are arcs, cancels between neighbours.

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
    target = _polygons(_quadrilaterals(equal_area_plane(corners, centre)), "target")
    placed = np.flatnonzero((source["lat"] + source["lon"]).notnull())
    quadrilaterals = _quadrilaterals(cell_corners(source))[placed]
    near = _near(quadrilaterals, corners, centre)
    index, quadrilaterals = placed[near], quadrilaterals[near]
    cells = _polygons(equal_area_plane(quadrilaterals, centre), "source")
    row, column = shapely.STRtree(cells).query(target, predicate="intersects")
    area = shapely.area(shapely.intersection(target[row], cells[column]))
    share = area / shapely.area(target)[row]
    matrix = sparse.csr_array((share, (row, column)), shape=(target.size, cells.size))
    return CellOverlap(index, matrix, least_covered)


def _quadrilaterals(corners: np.ndarray) -> np.ndarray:
    """Return the four corners (cell, 4, …) of each cell, in order around it."""
    around = (corners[:-1, :-1], corners[:-1, 1:], corners[1:, 1:], corners[1:, :-1])
    return np.stack(around, axis=2).reshape(-1, 4, corners.shape[-1])


def _near(cells: np.ndarray, corners: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Return which cells have a corner within the target's radius, or a diagonal beyond it."""
    diagonal = np.linalg.norm(cells[:, 0] - cells[:, 2], axis=-1)
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
