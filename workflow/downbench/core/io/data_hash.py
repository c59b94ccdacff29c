"""Fingerprint of the numbers in data sets, independent of the store."""

import hashlib
from collections.abc import Iterator

import numpy as np
import xarray as xr

from downbench.core.time_parts import slices

SLAB_VALUES = 2**23


def fingerprint(*datasets: xr.Dataset) -> str:
    """Return the SHA-256 of names, dims, types and values of all variables, hexadecimal.

    Attributes do not count. Data may be lazy: no more than 2²³ values are held at a time.
    """
    digest = hashlib.sha256()
    for dataset in datasets:
        for name, variable in sorted(dataset.variables.items(), key=lambda item: str(item[0])):
            digest.update(f"{name} {variable.dims} {variable.shape} {variable.dtype}\n".encode())
            for values in _slabs(variable):
                digest.update(_bytes(values))

    return digest.hexdigest()


def _slabs(variable: xr.Variable) -> Iterator[np.ndarray]:
    """Yield the values in parts along the first dim."""
    if variable.ndim == 0:
        yield variable.values
        return
    for slab in slices(len(variable), variable.size, SLAB_VALUES):
        yield variable[slab].values


def _bytes(values: np.ndarray) -> bytes:
    """Return bytes to hash; text and cftime dates are objects, whose bytes are addresses."""
    if values.dtype.hasobject:
        return "\n".join(map(str, values.ravel())).encode()
    return values.tobytes()
