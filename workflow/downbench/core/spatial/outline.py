"""The outline of a grid on the sphere, and which points lie inside."""

import numpy as np
import shapely
import xarray as xr

from downbench.core.spatial.cell_corners import cell_corners
from downbench.core.spatial.sphere import equal_area_plane, normalised, unit_vectors


def is_inside(grid: xr.Dataset, points: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Return whether each point lies inside the outer edges of the cells, (point,) bool.

    Parameters
    ----------
    grid
        Coordinates lat and lon [degrees], one-dimensional or both on (y, x).
    points
        Latitudes and longitudes (point,) [degrees].
    """
    corners = cell_corners(grid)
    ring = np.concatenate(
        [corners[0, :-1], corners[:-1, -1], corners[-1, :0:-1], corners[:0:-1, 0]]
    )
    centre = normalised(ring.mean(axis=0))
    located = unit_vectors(*points)
    x, y = equal_area_plane(located, centre).T
    outline = shapely.Polygon(equal_area_plane(ring, centre))
    return shapely.intersects_xy(outline, x, y)
