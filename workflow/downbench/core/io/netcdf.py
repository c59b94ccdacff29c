"""NetCDF files: small results such as maps, daily statistics and values at stations.

A file may have a digest beside it, by which Snakemake tracks it. It is of the numbers as they are
stored, whatever a version of xarray decodes them to, of the attributes of the dataset, and of what
numbers mean: units, calendars and packing. Other attributes of variables say where values come
from, such as the day of a download, and do not count.
"""

import hashlib
import json
from pathlib import Path

import xarray as xr

from downbench.core.constants import DIGEST_ENDING
from downbench.core.errors import UserError
from downbench.core.io.atomic import replacing
from downbench.core.io.data_hash import fingerprint

ENGINE = "netcdf4"
MEANINGS = (
    "units", "calendar", "_FillValue", "missing_value", "scale_factor", "add_offset", "dtype",
    "_Unsigned", "coordinates",
)  # fmt: skip
"""Attributes of a variable by which stored numbers are decoded."""


def read_netcdf(path: Path, *, rule: str) -> xr.Dataset:
    """Read a NetCDF file into memory.

    Parameters
    ----------
    path
        File to read.
    rule
        Rule that writes the file, for messages.

    Raises
    ------
    UserError
        When the file is missing or unreadable, or differs from the digest beside it.
    """
    if not Path(path).is_file():
        raise UserError(f"{path}: no such file; make it with the rule {rule}")
    try:
        stored = xr.load_dataset(path, engine=ENGINE, decode_cf=False)
        dataset = xr.decode_cf(stored).load()
    except (OSError, ValueError) as error:
        raise UserError(
            f"{path}: not a readable NetCDF file ({error}); run the rule {rule} again "
            f"(`snakemake -R {rule}`)"
        ) from error
    file = _digest_file(path)
    if file.is_file() and file.read_text(errors="replace").strip() != _digest(stored):
        raise UserError(
            f"{path}: differs from {file.name}, as it was changed after it was written: run the "
            f"rule {rule} again (`snakemake -R {rule}`); without {file.name} it is read as it is"
        )
    return dataset


def write_netcdf(dataset: xr.Dataset, path: Path, *, compress: bool = True) -> None:
    """Write a NetCDF file that appears complete; `compress` packs its variables with zlib."""
    encoding = {str(name): {"zlib": True} for name in dataset.data_vars} if compress else {}
    with replacing(path) as partial:
        dataset.drop_encoding().to_netcdf(partial, engine=ENGINE, encoding=encoding)


def write_digest(path: Path) -> None:
    """Write the digest of a file beside it."""
    stored = xr.load_dataset(path, engine=ENGINE, decode_cf=False)
    with replacing(_digest_file(path)) as partial:
        partial.write_text(f"{_digest(stored)}\n")


def _digest(stored: xr.Dataset) -> str:
    """Return the digest of a dataset that is not decoded."""
    meanings = {
        str(name): {key: variable.attrs[key] for key in MEANINGS if key in variable.attrs}
        for name, variable in stored.variables.items()
    }
    attributes = json.dumps([stored.attrs, meanings], sort_keys=True, default=str)
    return hashlib.sha256(f"{fingerprint(stored)} {attributes}".encode()).hexdigest()


def _digest_file(path: Path) -> Path:
    path = Path(path)
    return path.with_name(f"{path.name}{DIGEST_ENDING}")
