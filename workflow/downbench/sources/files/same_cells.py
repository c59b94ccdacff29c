"""Two rectilinear grids that share cells, whose coordinates differ by rounding."""

import numpy as np
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.spatial.rectilinear import SAME_PLACE, usual_step


def on_cells_of(field: xr.DataArray, reference: xr.DataArray | xr.Dataset) -> xr.DataArray:
    """Give cells that a reference has, too, exactly its coordinates; others keep others."""
    moved = {}
    for name in ("lat", "lon"):
        centres, reference_centres = field[name].values, reference[name].values
        nearest = _nearest(centres, reference_centres)
        same = np.abs(nearest - centres) <= SAME_PLACE * (usual_step(reference_centres) or 1.0)
        moved[name] = (name, np.where(same, nearest, centres), field[name].attrs)
    return field.assign_coords(moved)


def require_shared_cells(field: xr.DataArray, first: xr.DataArray, label: str) -> None:
    """Refuse two grids that share no rows or columns, or every second one.

    Raises
    ------
    UserError
        Naming the axis and the distance between the grids.
    """
    for name in ("lat", "lon"):
        centres, first_centres = field[name].values, first[name].values
        shared = np.isin(centres, first_centres)
        if not shared.any():
            distance = np.abs(_nearest(centres, first_centres) - centres).min()
            raise UserError(
                f"{label}: no {name} is the same, the nearest two differ by {distance:.3g} "
                "degrees: bring both to one grid"
            )
        for axis, partner in ((centres, first_centres), (first_centres, centres)):
            places = np.flatnonzero(np.isin(axis, partner))
            if (np.diff(places) != 1).any():
                steps = f"{usual_step(centres):.6g} and {usual_step(first_centres):.6g}"
                raise UserError(
                    f"{label}: {name} has steps of {steps} degrees: bring both to one grid"
                )


def _nearest(centres: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return for each centre the nearest of places, which ascend."""
    return places[np.searchsorted((places[1:] + places[:-1]) / 2, centres)]
