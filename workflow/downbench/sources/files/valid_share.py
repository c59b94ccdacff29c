"""Masks the cells of a target that lack values too often."""

from typing import TypeVar

import numpy as np
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.time_parts import along_time

Data = TypeVar("Data", xr.DataArray, xr.Dataset)

SMALLEST_SHARE = 1e-9
COUNT = "{}_valid"
"""Name of the coordinate that holds how many times of a variable have a value."""


def counted(field: xr.DataArray, valid: np.ndarray) -> xr.DataArray:
    """Return a field with the number of times at which each cell has a value.

    Parameters
    ----------
    field : (time, …)
    valid
        The number, on the other dims of the field.
    """
    dims = tuple(dim for dim in field.dims if dim != "time")
    times = {"times": field.sizes["time"]}
    return field.assign_coords({COUNT.format(field.name): (dims, valid, times)})


def without_counts(data: Data) -> Data:
    """Return data without the numbers that `counted` adds."""
    return data.drop_vars([name for name in map(str, data.coords) if name.endswith(COUNT[2:])])


def masked(fine: xr.Dataset, least_valid_share: float, region: str) -> xr.Dataset:
    """Keep cells that are valid often enough in every variable; mask the others at all times.

    Parameters
    ----------
    fine : (time, lat, lon)
    least_valid_share
        Share of the times at which a cell has a value [1].
    region
        Name of the region, for messages.

    Raises
    ------
    UserError
        When no cell is valid that often: naming the times without any value, and the largest
        share that a cell reaches.
    """
    shares = [_share(field) for field in fine.data_vars.values()]
    share = xr.concat(shares, "variable").min("variable")
    valid = share >= max(least_valid_share, SMALLEST_SHARE)
    if not valid.any():
        raise UserError(_nowhere_valid(fine, float(share.max()), least_valid_share, region))
    bare = without_counts(fine)
    return bare if valid.all() else bare.where(valid)


def _share(field: xr.DataArray) -> xr.DataArray:
    """Return the share of times with a value in each cell, as counted when the series was read.

    Times that other variables lack are left out since: then all are counted again.
    """
    count = field.coords.get(COUNT.format(field.name))
    if count is None or count.attrs["times"] != field.sizes["time"]:
        count = sum(part.notnull().sum("time") for part in along_time(field))
    return without_counts(count.drop_attrs() / field.sizes["time"])


def _nowhere_valid(fine: xr.Dataset, best: float, least: float, region: str) -> str:
    empty = np.zeros(fine.sizes["time"], bool)
    for field in fine.data_vars.values():
        parts = along_time(field.transpose("time", ...))
        empty |= ~np.concatenate([np.isfinite(part.values).any(axis=(1, 2)) for part in parts])
    stamps = fine["time"].values[empty]
    without = f"{empty.sum()} of {empty.size} times have no value in any cell"
    first = f", first {str(stamps[0])[:10]}" if stamps.size else ""
    return (
        f"{region}: no cell has values at {least:.2%} of the times, which "
        f"target.least_valid_share = {least:g} asks for: {without}{first}; the most complete cell "
        f"reaches {best:.2%}: lower least_valid_share, or complete the files"
    )
