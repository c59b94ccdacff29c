"""Zarr stores of version 2 whose arrays have the default fill value 0: their zeros are values."""

from typing import Any

import xarray as xr

FILL = "_FillValue"


def open_store(store: Any) -> xr.Dataset:
    """Open a Zarr store lazily; a fill value of 0 that marks no missing values masks no number.

    Version 2 has one entry for the fill value of unwritten chunks and for missing values.
    Libraries write 0 there by default, and xarray would read every dry day, or the first date, as
    missing. Packed integers stay masked: there 0 may be the code of missing values, as in radar
    files.

    Parameters
    ----------
    store
        Path of a folder, or anything else that `xarray.open_zarr` takes.
    """
    raw = xr.open_zarr(store, chunks=None, consolidated=False, decode_cf=False)
    for variable in raw.variables.values():
        if _has_default(variable):
            del variable.attrs[FILL]
    return xr.decode_cf(raw)


def _has_default(variable: xr.Variable) -> bool:
    """Return whether a fill value of 0 is the default of version 2, and the numbers not packed."""
    attributes = variable.attrs
    is_version_2 = "fill_value" not in variable.encoding
    is_packed = "scale_factor" in attributes or "add_offset" in attributes
    return FILL in attributes and attributes[FILL] == 0 and is_version_2 and not is_packed
