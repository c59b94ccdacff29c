"""A run of a regional climate model on the fine grid, as an ensemble with one member."""

from collections.abc import Mapping

import numpy as np
import xarray as xr

from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.config.region.regional_models import RcmVariable
from downbench.core.errors import UserError
from downbench.core.spatial import curvilinear
from downbench.core.spatial.grids import valid_cells
from downbench.sources.files import common_times
from downbench.sources.files.curvilinear import on_two_axes
from downbench.sources.files.reading import label_of, read_series

METHODS = {"nearest": curvilinear.nearest, "linear": curvilinear.linear}
LEAST_COVERED = 0.9


def read(
    region: RegionInputs, entries: Mapping[str, RcmVariable], target: xr.Dataset
) -> xr.Dataset:
    """Return daily fields (time, member, y, x) float32 on the valid cells of `target`.

    The model's cells may be on a curvilinear grid with lat and lon on both axes. Fine cells
    beyond its outermost centres stay missing, as do the model's own missing values.

    Raises
    ------
    UserError
        Naming file, variable and fix when either is absent, the axes are not understood, the unit
        is unknown, or the grid covers less than nine tenths of the region's valid cells.
    """
    series = {name: _on_target(region, name, entry, target) for name, entry in entries.items()}
    merged = common_times.merged(series, f"{region.name}: variables of the regional model")
    ensemble = merged.expand_dims(member=[0]).transpose("time", "member", "y", "x")
    return ensemble.assign_coords(lat=target["lat"], lon=target["lon"])


def _on_target(
    region: RegionInputs, name: str, entry: RcmVariable, target: xr.Dataset
) -> xr.DataArray:
    label = label_of(region, entry)
    values = read_series(region, name, entry, True, on_two_axes)
    points = (target["lat"].values.ravel(), target["lon"].values.ravel())
    cells = METHODS[entry.method](values["lat"].values, values["lon"].values, points)
    fine = cells.of(values.values).reshape(-1, *target["lat"].shape)
    valid = valid_cells(target[name])
    covered = np.isfinite(cells.weight).all(axis=1).reshape(valid.shape)[valid].mean()
    if covered < LEAST_COVERED:
        raise UserError(
            f"{label}: its grid covers {covered:.0%} of the region's valid cells, expected "
            f"{LEAST_COVERED:.0%}: take a file of a larger domain"
        )
    fine = np.where(valid, fine, np.nan).astype(np.float32)
    regridded = xr.DataArray(
        fine, dims=("time", "y", "x"), coords={"time": values["time"]}, name=name
    )
    return regridded.assign_attrs(values.attrs)
