"""Zarr stores of version 2 whose arrays have the default fill value 0: their zeros are values."""

from typing import Any

import xarray as xr

FILL = "_FillValue"


def opened(engine: str, **arguments: Any) -> xr.Dataset:
    """Open a file or store lazily; a default fill value of 0 in Zarr masks no number.

    Version 2 has one entry for the fill value of unwritten chunks and for missing values.
    Libraries write 0 there by default, and xarray would read every dry day, or the first date, as
    missing. Packed integers stay masked: there 0 may be the code of missing values, as in radar
    files.

    Parameters
    ----------
    engine, arguments
        Of `xarray.open_dataset`.

    Returns
    -------
    xr.Dataset
        With missing values and packing decoded; times are the numbers in the file.
    """
    if engine != "zarr":
        return xr.open_dataset(engine=engine, decode_times=False, **arguments)
    raw = xr.open_dataset(engine=engine, decode_cf=False, **arguments)
    for variable in raw.variables.values():
        if _has_default(variable):
            del variable.attrs[FILL]
    return xr.decode_cf(raw, decode_times=False)


def _has_default(variable: xr.Variable) -> bool:
    """Return whether a fill value of 0 is the default of version 2, and the numbers not packed."""
    attributes = variable.attrs
    is_version_2 = "fill_value" not in variable.encoding
    is_packed = "scale_factor" in attributes or "add_offset" in attributes
    return FILL in attributes and attributes[FILL] == 0 and is_version_2 and not is_packed
