"""Masks the cells of a target that lack values too often."""

import numpy as np
import xarray as xr

from downbench.core.errors import UserError

SMALLEST_SHARE = 1e-9


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
    shares = [fine[name].notnull().mean("time") for name in fine.data_vars]
    share = xr.concat(shares, "variable").min("variable")
    valid = share >= max(least_valid_share, SMALLEST_SHARE)
    if not valid.any():
        raise UserError(_nowhere_valid(fine, float(share.max()), least_valid_share, region))
    return fine.where(valid)


def _nowhere_valid(fine: xr.Dataset, best: float, least: float, region: str) -> str:
    empty = np.zeros(fine.sizes["time"], bool)
    for field in fine.data_vars.values():
        empty |= ~np.isfinite(field.transpose("time", ...).values).any(axis=(1, 2))
    stamps = fine["time"].values[empty]
    without = f"{empty.sum()} of {empty.size} times have no value in any cell"
    first = f", first {str(stamps[0])[:10]}" if stamps.size else ""
    return (
        f"{region}: no cell has values at {least:.2%} of the times, which "
        f"target.least_valid_share = {least:g} asks for: {without}{first}; the most complete cell "
        f"reaches {best:.2%}: lower least_valid_share, or complete the files"
    )
