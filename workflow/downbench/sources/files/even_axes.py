"""Axes of rectilinear grids whose cells are of one size: even ones, and Gaussian latitudes."""

import numpy as np
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.spatial.rectilinear import usual_step
from downbench.sources.files.axes import WIDTH

LARGEST_DEVIATION, LARGEST_SHIFT = 0.1, 0.3
"""Steps of an even axis differ by up to this share; rounded centres are off by that share."""

LARGEST_RATIO = 1.5
"""Width of cells by their bounds against the distance of their centres."""

POLAR = 85.0
"""Rows beyond this latitude may be narrower: some models halve the one at the pole."""


def require_even(field: xr.DataArray, label: str) -> None:
    """Refuse axes with a missing row, a jump or cells of different size; Gaussian ones pass.

    Raises
    ------
    UserError
        Naming the axis and its steps, also when the cells by their bounds do not touch.
    """
    for name in ("lat", "lon"):
        centres = field[name].values
        inner = np.abs(centres) <= POLAR if name == "lat" else np.ones(centres.size, bool)
        steps = np.diff(centres[inner])
        if steps.size and not _is_even(centres[inner], steps):
            raise UserError(
                f"{label}: {name} is not evenly spaced, its steps are {steps.min():.6g} to "
                f"{steps.max():.6g} degrees: complete missing rows or columns, or regrid the "
                "file to even steps"
            )
        if name + WIDTH in field.coords and steps.size:
            _require_touching(field[name + WIDTH].values, usual_step(centres), f"{label}: {name}")


def with_spacing(field: xr.DataArray, label: str) -> xr.DataArray:
    """Give a single row or column its width, as the attribute `spacing` of its coordinate.

    The width is that of its bounds, else the distance of the cells along the other axis.

    Raises
    ------
    UserError
        When the grid is a single cell without bounds.
    """
    for name, other_axis in (("lat", "lon"), ("lon", "lat")):
        if field.sizes[name] > 1:
            continue
        spacing = usual_step(field[other_axis].values)
        if name + WIDTH in field.coords:
            spacing = float(field[name + WIDTH].values[0])
        if not spacing > 0:
            raise UserError(f"{label}: its grid is a single cell: take a file of a larger area")
        attributes = {**field[name].attrs, "spacing": spacing}
        field = field.assign_coords({name: (name, field[name].values, attributes)})
        print(f"{label}: a single {name}, taken for {spacing:.4g} degrees wide")
    return field


def _require_touching(width: np.ndarray, step: float, label: str) -> None:
    typical = float(np.nanmedian(width))
    if not 1 / LARGEST_RATIO <= typical / step <= LARGEST_RATIO:
        raise UserError(
            f"{label} has cells {typical:.4g} degrees wide by its bounds, but {step:.4g} degrees "
            "apart: take a file with all cells, not every n-th, or correct the bounds"
        )


def _is_even(centres: np.ndarray, steps: np.ndarray) -> bool:
    typical = float(np.median(steps))
    if steps.min() <= 0:
        return False
    shift = np.abs(centres - np.linspace(centres[0], centres[-1], centres.size)).max()
    return bool(
        np.abs(steps / typical - 1).max() <= LARGEST_DEVIATION or shift <= LARGEST_SHIFT * typical
    )
