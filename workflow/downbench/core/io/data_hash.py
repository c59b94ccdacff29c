"""Fingerprint of the numbers in data sets, independent of the store."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import xarray as xr

from downbench.core.constants import DIGEST_ENDING
from downbench.core.io.atomic import replacing

SLAB_VALUES = 2**23


def write_digest(dataset: xr.Dataset, path: Path) -> None:
    """Write a small file beside a NetCDF file, by which Snakemake tracks it.

    It changes with values and with attributes of the dataset, not with those of variables: they
    say where values come from, such as the day of a download.
    """
    attributes = json.dumps(dataset.attrs, sort_keys=True, default=str)
    digest = hashlib.sha256(f"{fingerprint(dataset)} {attributes}".encode()).hexdigest()
    with replacing(path.with_name(f"{path.name}{DIGEST_ENDING}")) as partial:
        partial.write_text(f"{digest}\n")


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
    step = max(1, SLAB_VALUES * len(variable) // max(1, variable.size))
    for start in range(0, len(variable), step):
        yield variable[start : start + step].values


def _bytes(values: np.ndarray) -> bytes:
    """Return bytes to hash; text and cftime dates are objects, whose bytes are addresses."""
    if values.dtype.hasobject:
        return "\n".join(map(str, values.ravel())).encode()
    return values.tobytes()
