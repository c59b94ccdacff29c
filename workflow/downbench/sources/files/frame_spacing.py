"""The size of the cells of frames, compared with the resolution that the region states."""

import numpy as np
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.spatial.cell_corners import cell_areas
from downbench.sources.files import projection

LARGEST_RATIO = 1.5
"""Of sizes: a tenth of a degree is called 10 km also where it is 7 km wide."""

MIDDLE_CELLS = 32


def require_resolution(
    frames: xr.DataArray, dataset: xr.Dataset, resolution_km: float, label: str
) -> None:
    """Refuse frames whose cells have another size than the region states.

    Parameters
    ----------
    frames
        On (time, y, x), as `axes.located` returns them.
    dataset
        Their file.
    resolution_km
        Spacing of the fine grid [km].
    label
        File and variable, for messages.

    Raises
    ------
    UserError
        When sizes differ by more than a half. Frames without any coordinates are reported.
    """
    spacing = spacing_km(frames, dataset, label)
    stated = f"{resolution_km:g}"
    if spacing is None:
        print(f"{label}: the file has no coordinates, its cells count as {stated} km wide")
    elif not is_near(spacing, resolution_km):
        raise UserError(
            f"{label}: its cells are {spacing:.3g} km wide, but resolution_km = {stated}: set "
            "resolution_km to it, or leave the file out"
        )


def is_near(spacing_km: float, resolution_km: float) -> bool:
    """Return whether a spacing is about the one that a region states, both in km."""
    return 1 / LARGEST_RATIO <= spacing_km / resolution_km <= LARGEST_RATIO


def spacing_km(frames: xr.DataArray, dataset: xr.Dataset, label: str) -> float | None:
    """Return the width of a cell in the middle of the frame [km], None without coordinates."""
    if not {"lat", "lon"} <= set(frames.coords):
        frames = projection.unprojected(frames, dataset, label)
    if {"lat", "lon"} <= set(frames.coords):
        area = cell_areas(_middle(frames).coords.to_dataset())
        return float(np.sqrt(np.nanmedian(area))) / 1000.0
    steps = [projection.step_m(frames, dataset, axis) for axis in ("x", "y")]
    return None if None in steps else float(np.sqrt(np.prod(steps))) / 1000.0


def _middle(frames: xr.DataArray) -> xr.DataArray:
    parts = {}
    for dim in (dim for dim in frames.dims if dim != "time"):
        centre = frames.sizes[dim] // 2
        parts[dim] = slice(max(0, centre - MIDDLE_CELLS), centre + MIDDLE_CELLS)
    return frames.isel(parts)
