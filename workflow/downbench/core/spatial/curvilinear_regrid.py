"""Regridding where the source or the target is a curvilinear grid."""

from typing import Protocol

import numpy as np
import xarray as xr

from downbench.core.spatial import bilinear, curvilinear
from downbench.core.spatial.cell_overlap import cell_overlap


class Weights(Protocol):
    """Weights of source cells in each target cell."""

    def of(self, field: np.ndarray) -> np.ndarray:
        """Return values (…, target cell) of a field (…, y, x)."""


def weights(source: xr.Dataset, grid: xr.Dataset, method: str, least_covered: float) -> Weights:
    """Return the weights of a method; arguments as for `regrid.regrid`."""
    if method == "conservative":
        return cell_overlap(source, grid, least_covered)
    points = tuple(field.ravel() for field in _fields(grid))
    if source["lat"].ndim == 1:
        return bilinear.on_axes(source["lat"].values, source["lon"].values, points)
    return curvilinear.linear(*_fields(source), points)


def regrid(weights: Weights, grid: xr.Dataset, source: xr.Dataset) -> xr.Dataset:
    """Return every variable on the dims and coordinates of `grid`, other dims unchanged."""
    dims, grid_dims = _dims(source), _dims(grid)
    shape = _fields(grid)[0].shape
    fields = {}
    for name, field in source.data_vars.items():
        lead = [dim for dim in field.dims if dim not in dims]
        values = weights.of(field.transpose(*lead, *dims).values)
        fields[name] = (
            (*lead, *grid_dims),
            values.reshape(*values.shape[:-1], *shape),
            field.attrs,
        )
    kept = {name: c for name, c in source.coords.items() if not set(c.dims) & set(dims)}
    return xr.Dataset(fields, coords={**kept, "lat": grid["lat"], "lon": grid["lon"]})


def _dims(grid: xr.Dataset) -> tuple[str, str]:
    return grid["lat"].dims if grid["lat"].ndim == 2 else ("lat", "lon")


def _fields(grid: xr.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Return lat and lon (y, x) [degrees]."""
    lat, lon = grid["lat"], grid["lon"]
    if lat.ndim == 2:
        return lat.values, lon.values
    return tuple(np.meshgrid(lat.values, lon.values, indexing="ij"))
