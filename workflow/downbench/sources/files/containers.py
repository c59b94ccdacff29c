"""Opens a file lazily, whatever its container, and names it when its values cannot be read."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import xarray as xr
from zarr.storage import ZipStore

from downbench.core.errors import UserError
from downbench.core.io.zarr_warnings import no_warning_of_other_files
from downbench.sources.files import archives, grib, zarr_zeros
from downbench.sources.files.netcdf3 import require_complete
from downbench.sources.files.recognition import AGAIN, UNCLEAR, description

DAMAGE = (OSError, RuntimeError, EOFError, zlib.error, zipfile.BadZipFile)
ERRORS = (*DAMAGE, ValueError, KeyError)

OPEN_FILES = 8
"""Files open at a time: each has a cache, and a series may have one file for each month."""

xr.set_options(file_cache_maxsize=OPEN_FILES)


def open_container(file: Path, group: str | None, label: str) -> xr.Dataset:
    """Open a NetCDF file or a Zarr store, a ZIP archive that holds one, or a GRIB file.

    Parameters
    ----------
    file
        A path that exists.
    group
        Group of an HDF5 file or Zarr store; None is its root.
    label
        Region and file, for messages.

    Returns
    -------
    xr.Dataset
        Lazy, with missing values and packing decoded; times are the numbers in the file.

    Raises
    ------
    UserError
        Naming what the file is and what to do, when it cannot be opened.
    """
    if grib.is_grib(file):
        return grib.opened(file, label)
    try:
        with no_warning_of_other_files():
            return zarr_zeros.opened(**_backend(file, group, label))
    except ERRORS as error:
        within = groups(file, label) if group else {}
        if within:
            raise UserError(
                f"{label}: no group '{group}': set `group:` to one of {', '.join(within)}"
            ) from None
        kind, fix = description(file)
        reason = f" ({error})" if kind in UNCLEAR else ""
        raise UserError(f"{label} is {kind}{reason}: {fix}") from None


def groups(file: Path, label: str) -> dict[str, list[str]]:
    """Return the names of variables by their group; of no group but the root, too."""
    try:
        with no_warning_of_other_files():
            datasets = xr.open_groups(decode_times=False, **_backend(file, None, label))
    except ERRORS:
        return {}
    named = {path.strip("/"): list(map(str, ds.data_vars)) for path, ds in datasets.items()}
    return {path: names for path, names in named.items() if path and names}


@contextmanager
def reading(label: str, errors: tuple[type[Exception], ...] = ERRORS) -> Iterator[None]:
    """Name the file and the variable in errors that come when values are loaded.

    Raises
    ------
    UserError
        When a part of the file is damaged.
    """
    try:
        yield
    except errors as error:
        raise UserError(
            f"{label} cannot be read, the file is damaged or incomplete ({error}): {AGAIN}"
        ) from None


def _backend(file: Path, group: str | None, label: str) -> dict[str, Any]:
    """Return the arguments of xarray's opening functions."""
    if file.is_dir():
        return _zarr(file, group)
    if not archives.is_zip(file):
        require_complete(file)
        return {"filename_or_obj": file, "engine": "netcdf4", "group": group}
    root = archives.zarr_group(file, label)
    if root is None:
        unpacked = archives.netcdf_file(file, label)
        require_complete(unpacked)
        return {"filename_or_obj": unpacked, "engine": "netcdf4", "group": group}
    return _zarr(ZipStore(file), "/".join(filter(None, (root, group))))


def _zarr(store: Path | ZipStore, group: str | None) -> dict[str, Any]:
    return {
        "filename_or_obj": store,
        "engine": "zarr",
        "group": group or None,
        "chunks": None,
        "consolidated": False,
    }
