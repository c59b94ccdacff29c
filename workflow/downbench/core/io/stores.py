"""Reading and writing Zarr stores that keep the data contract."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from zarr.codecs import Crc32cCodec, ZstdCodec

from downbench.core import compute, time_parts
from downbench.core.completion import completed
from downbench.core.contract import check
from downbench.core.errors import UserError
from downbench.core.expected_data import refuse_other_dataset
from downbench.core.io import store_checksums
from downbench.core.io.atomic import replacing
from downbench.core.io.zarr_warnings import no_warning_of_other_files

CHUNK_BYTES = 16 * 2**20
PART_BYTES = 4 * CHUNK_BYTES
"""Size of the parts in which lazy variables are computed and written."""

Verify = Callable[[xr.Dataset], None]

CODECS = {"compressors": (ZstdCodec(), Crc32cCodec())}


def read(
    path: Path, kind: str | None = None, expected: Mapping[str, Any] | None = None
) -> xr.Dataset:
    """Open a Zarr store lazily; as `kind` (target, driver, ensemble) it keeps the contract.

    What the contract lets a store leave out is completed (`core.completion`); `expected` is what
    it has to say of itself (`core.expected_data`).

    Raises
    ------
    UserError
        When the store is absent, is not Zarr, is not complete (`store_checksums`), has a damaged
        chunk, is another one than expected, or breaks the data contract.
    """
    path = Path(path)
    if not path.exists():
        raise UserError(f"{path}: no such store; make it with the rule that writes it")
    try:
        dataset = _read(path, kind)
    except (FileNotFoundError, ValueError, KeyError, OSError, RuntimeError) as error:
        raise UserError(
            f"{path}: not a readable Zarr store ({error}); copy it again, or run again what "
            "wrote it"
        ) from error
    if kind is not None:
        refuse_other_dataset(dataset, expected or {}, str(path), kind)
    return dataset


def _read(path: Path, kind: str | None) -> xr.Dataset:
    if path.is_dir():
        with no_warning_of_other_files():
            store_checksums.check(path)
    dataset = _opened(path)
    if kind is not None:
        dataset = completed(dataset, kind)
        check(dataset, kind, label=str(path))

    return dataset


def _opened(path: Path) -> xr.Dataset:
    with no_warning_of_other_files():
        return xr.open_zarr(path, chunks=None, consolidated=False)


def write(dataset: xr.Dataset, path: Path, verify: Verify = lambda written: None) -> None:
    """Write a data set as Zarr, chunked along time, whole or not at all.

    Lazy variables are computed in parts along time.

    Parameters
    ----------
    verify
        Raises if it refuses what was written, which is opened lazily; then the store does not
        appear.
    """
    write_parts(_parts(dataset), path, encoding(dataset), verify)


def write_parts(
    parts: Iterable[xr.Dataset],
    path: Path,
    layout: dict[str, dict] | None = None,
    verify: Verify = lambda written: None,
) -> None:
    """Write parts that follow each other in time as one store, whole or not at all.

    Static coordinates are those of the first part, and so is `layout`, the encoding, where none
    is given. `verify` is that of `write`.
    """
    names: list[str] = []
    with replacing(Path(path)) as partial:
        for part in parts:
            if names:
                _append(part, partial)
            else:
                _start(part, partial, layout or encoding(part))
                names = list(map(str, part.data_vars))
        store_checksums.write(partial)
        verify(_opened(partial)[names])


def _parts(dataset: xr.Dataset) -> Iterator[xr.Dataset]:
    """Yield a lazy data set in parts of a few chunks along time; one in memory as it is."""
    lazy = [variable for variable in dataset.variables.values() if variable.chunks]
    if not lazy:
        yield dataset
        return
    days = _chunks(lazy[0])[0]
    parts = time_parts.slices(dataset.sizes["time"], dataset.nbytes, PART_BYTES, multiple=days)
    yield from compute.ahead(compute.loaded(dataset.isel(time=part)) for part in parts)


def _start(dataset: xr.Dataset, path: Path, layout: dict[str, dict]) -> None:
    dataset.drop_encoding().to_zarr(
        path,
        mode="w",
        encoding=layout,
        consolidated=False,
        zarr_format=3,
        write_empty_chunks=True,
    )


def _append(part: xr.Dataset, path: Path) -> None:
    constant = [name for name, v in part.variables.items() if "time" not in v.dims]
    part.drop_vars(constant).drop_encoding().to_zarr(
        path, append_dim="time", consolidated=False, write_empty_chunks=True
    )


def encoding(dataset: xr.Dataset) -> dict[str, dict]:
    """Return chunks of at most 16 MB along time with checksums, and time in whole seconds."""
    encodings: dict[str, dict] = {str(name): dict(CODECS) for name in dataset.variables}
    for name, variable in dataset.variables.items():
        if variable.ndim and variable.dtype.kind in "fiub":
            encodings[str(name)]["chunks"] = _chunks(variable)
    if "time" in dataset.variables:
        seconds = {"units": "seconds since 1970-01-01", "dtype": "int64"}
        encodings["time"] = CODECS | seconds | {"chunks": dataset["time"].shape}
    return encodings


def _chunks(variable: xr.Variable) -> tuple[int, ...]:
    if "time" not in variable.dims or variable.ndim == 1:
        return variable.shape
    step = variable.dtype.itemsize * int(
        np.prod([n for dim, n in variable.sizes.items() if dim != "time"])
    )
    days = max(1, min(variable.sizes["time"], CHUNK_BYTES // max(step, 1)))
    return tuple(days if dim == "time" else n for dim, n in variable.sizes.items())
