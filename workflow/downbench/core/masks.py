"""Which cells of a series have values."""

import numpy as np
import xarray as xr

LOOKED_AT = 50


def valid_cells(field: xr.DataArray) -> np.ndarray:
    """(y, x) bool: has a field on (time, y, x) ever a value there? Looks at some 50 times."""
    stride = max(1, field.sizes["time"] // LOOKED_AT)
    return np.isfinite(field.isel(time=slice(None, None, stride)).values).any(axis=0)
