"""Arrays that networks return, as datasets of the target's variables."""

import numpy as np
import xarray as xr

from downbench.core.constants import LOG_DENSITY
from downbench.core.transforms import Transforms


def as_ensemble(values: np.ndarray, transforms: Transforms, time: xr.DataArray) -> xr.Dataset:
    """Return (time, member, variable, y, x) physical values as a dataset of the variables."""
    dims = ("time", "member", "y", "x")
    return xr.Dataset(
        {
            name: (dims, values[:, :, i].astype(np.float32), {"units": statistics.units})
            for i, (name, statistics) in enumerate(transforms.targets.items())
        },
        coords={"time": time, "member": np.arange(values.shape[1])},
    )


def as_log_density(values: np.ndarray, transforms: Transforms, time: xr.DataArray) -> xr.Dataset:
    """Return (time, variable, y, x) log densities [nat] as a dataset."""
    return xr.Dataset(
        {
            f"{LOG_DENSITY}{name}": (("time", "y", "x"), values[:, i].astype(np.float32))
            for i, name in enumerate(transforms.targets)
        },
        coords={"time": time},
    )
