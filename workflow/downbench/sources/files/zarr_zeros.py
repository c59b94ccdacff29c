"""Zarr stores of version 2 whose arrays have the default fill value 0: their zeros are values."""

from collections.abc import Hashable
from typing import Any

import xarray as xr


def open_store(store: Any) -> xr.Dataset:
    """Open a Zarr store lazily; a fill value of 0 that no `_FillValue` declares masks no number.

    Version 2 has one entry for the fill value of unwritten chunks and for missing values.
    Libraries write 0 there by default, and xarray would read every dry day, or the first date, as
    missing. Packed integers stay masked: there 0 may be the code of missing values, as in radar
    files.

    Parameters
    ----------
    store
        Path of a folder, or anything else that `xarray.open_zarr` takes.
    """
    dataset = xr.open_zarr(store, chunks=None, consolidated=False)
    suspects = [name for name, v in dataset.variables.items() if _is_zero(v)]
    if not suspects:
        return dataset
    plain = xr.open_zarr(store, chunks=None, consolidated=False, use_zarr_fill_value_as_mask=False)
    masked = [name for name in suspects if not _is_unmasked(name, plain)]
    return plain.assign({name: dataset[name] for name in masked}) if masked else plain


def _is_zero(variable: xr.Variable) -> bool:
    fill = variable.encoding.get("_FillValue")
    return fill is not None and fill == 0


def _is_unmasked(name: Hashable, plain: xr.Dataset) -> bool:
    """Return whether zeros of a variable are numbers: it is no packed integer."""
    encoding = plain[name].encoding
    return name in plain.coords or not ({"scale_factor", "add_offset"} & set(encoding))
