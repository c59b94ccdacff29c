"""From datasets to arrays and back, for all baselines."""

from collections.abc import Mapping

import numpy as np
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.variables import TARGETS, variable


def variables(target: xr.Dataset) -> list[str]:
    """Return the target variables of a dataset, rain first."""
    return [name for name in TARGETS if name in target.data_vars]


def array(dataset: xr.Dataset, name: str) -> np.ndarray:
    """(time, y, x) or (time, Y, X) float32.

    Raises
    ------
    UserError
        When the variable is absent.
    """
    if name not in dataset.data_vars:
        raise UserError(
            f"the driver of type '{dataset.attrs.get('driver_type', '?')}' has no variable "
            f"'{name}', which this model was fitted with: add it (it has "
            f"{', '.join(map(str, dataset))})"
        )
    return np.asarray(dataset[name].values, np.float32)


def valid_cells(values: np.ndarray) -> np.ndarray:
    """(y, x) bool: cells of (time, y, x) with a value at least once."""
    return np.isfinite(values).any(axis=0)


def seasonal(by: str) -> bool:
    """Return whether there is a cycle over the year: not in regions that are split by event."""
    return by != "event"


def ensemble(
    fields: Mapping[str, np.ndarray], driver: xr.Dataset, static: xr.Dataset
) -> xr.Dataset:
    """Return an ensemble of the driver's times.

    Parameters
    ----------
    fields : (time, member, y, x)
        By variable, physical units.
    driver
        Gives the coordinates along time.
    static
        Gives lat(y, x) and lon(y, x).
    """
    along_time = {n: c for n, c in driver.coords.items() if c.dims == ("time",)}
    members = np.arange(next(iter(fields.values())).shape[1])
    coords = {**along_time, "member": members}
    coords |= {name: static[name] for name in ("lat", "lon") if name in static.variables}
    dims = ("time", "member", "y", "x")
    data = {
        name: (dims, values.astype(np.float32, copy=False), {"units": variable(name).units})
        for name, values in fields.items()
    }
    return xr.Dataset(data, coords=coords)
