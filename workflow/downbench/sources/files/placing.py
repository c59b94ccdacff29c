"""A field on its grid with rows to the north, at the cells and around the days of a partner."""

import numpy as np
import xarray as xr

from downbench.sources.files import curvilinear
from downbench.sources.files.days_nearby import days_nearby


def placed(
    field: xr.DataArray,
    label: str,
    grid: xr.Dataset | None = None,
    days: np.ndarray | None = None,
    partner: str = "the other file",
) -> xr.DataArray:
    """Return a lazy field on (…, y, x), at the cells of a grid and around some days, if given.

    Parameters
    ----------
    field
        As `opening.variable_of` returns it.
    label
        File and variable, for messages.
    grid
        With lat(y, x) and lon(y, x) [degrees].
    days : (time,)
        Times that are needed; a margin of a day is kept.
    partner
        What the grid belongs to, for messages.

    Raises
    ------
    UserError
        When the axes are not those of a grid, the cells are others, or no day is near.
    """
    oriented = curvilinear.oriented(curvilinear.on_two_axes(field, label), label)
    near = oriented if days is None else days_nearby(oriented, days, label)
    return near if grid is None else curvilinear.at_cells_of(near, grid, label, partner)
