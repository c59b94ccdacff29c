"""Checksums of Zarr stores: the chunks that a store must have, and one digest of all its files.

`CHECKSUMS` lies in each store that this project writes, so it travels with every copy. It is
also the file by which Snakemake tracks the store: a folder counts by its time, a small file by its
content. Chunks end in a CRC-32C of their bytes, which Zarr compares whenever it reads one; the
digest takes these and the sizes of the files, so that it costs next to nothing. Attributes that
only describe where values come from, such as the day of a download, do not count.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path

import numpy as np
import zarr
from pydantic import BaseModel, ConfigDict, ValidationError

from downbench.core.constants import DESCRIPTIONS
from downbench.core.errors import UserError

FILE = "CHECKSUMS"
METADATA, CHUNKS = "zarr.json", "c"
CRC_BYTES = 4
MOST_NAMED = 3
FIX = "copy the store again, or run again what wrote it"
FIX_OF_ANOTHER = "copy it again, or write days without a value with write_empty_chunks=True"


class StoreChecksums(BaseModel):
    """Content of `CHECKSUMS`.

    Parameters
    ----------
    chunks
        Number of chunks of each array.
    digest
        SHA-256 of all metadata but `DESCRIPTIONS`, and of path, size and CRC-32C of all chunks,
        hexadecimal.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    chunks: dict[str, int]
    digest: str


def write(store: Path) -> None:
    """Write the checksums of a store whose chunks all exist and end in a CRC-32C."""
    chunks = {array.basename: array.nchunks for array in _arrays(store)}
    checksums = StoreChecksums(chunks=dict(sorted(chunks.items())), digest=_digest(store))
    (store / FILE).write_text(checksums.model_dump_json(indent=1) + "\n")


def check(store: Path) -> None:
    """Refuse a store that lacks arrays or chunks, or differs from its checksums.

    A store of another program has no checksums, and may leave out chunks without any value. There,
    a chunk is lost if the same cells have chunks at other times; a single missing day is not.

    Raises
    ------
    UserError
        Naming the arrays and chunks.
    """
    if not (store / FILE).is_file():
        _refuse(store, _interrupted(store), FIX_OF_ANOTHER)
        return
    try:
        expected = StoreChecksums.model_validate_json((store / FILE).read_bytes())
    except ValidationError as error:
        raise UserError(f"{store / FILE}: not usable checksums ({error}): {FIX}") from None
    arrays = {array.basename: array for array in _arrays(store)}
    absent = [f"array {name} is missing" for name in sorted(expected.chunks.keys() - arrays)]
    _refuse(store, [*absent, *_lost(store, arrays.values())], FIX)
    if _digest(store) != expected.digest:
        raise UserError(
            f"{store}: differs from its {FILE}, as it was changed after it was written: {FIX}; "
            f"without {FILE} it is read as it is"
        )


def _refuse(store: Path, breaches: Iterable[str], fix: str) -> None:
    listing = "; ".join(breaches)
    if listing:
        raise UserError(f"{store}: {listing}: {fix}")


def _lost(store: Path, arrays: Iterable[zarr.Array]) -> Iterator[str]:
    """Report the missing chunks of each array, all of which must exist."""
    for array in arrays:
        absent = np.argwhere(~_present(store, array))
        if len(absent):
            yield _sentence(array, absent)


def _interrupted(store: Path) -> Iterator[str]:
    """Report chunks that are missing where others of the same cells are present."""
    for array in _arrays(store):
        present = _present(store, array)
        absent = np.argwhere(~present & present.any(axis=0)) if array.ndim else ()
        is_missing_day = _chunk_shape(array)[:1] == (1,) and _is_nan(array.fill_value)
        if len(absent) and not is_missing_day:
            yield _sentence(array, absent)


def _sentence(array: zarr.Array, absent: np.ndarray) -> str:
    keys = [_key(array, chunk) for chunk in absent[:MOST_NAMED]]
    more = " …" if len(absent) > MOST_NAMED else ""
    counts = f"{len(absent)} of {array.nchunks} chunks are missing"
    return f"{array.basename}: {counts} ({', '.join(keys)}{more})"


def _present(store: Path, array: zarr.Array) -> np.ndarray:
    """Return bool (chunk, …): which chunks exist."""
    shape = [-(-size // step) for size, step in zip(array.shape, _chunk_shape(array), strict=True)]
    exists = [
        (store / _key(array, chunk)).is_file() for chunk in product(*(range(n) for n in shape))
    ]
    return np.array(exists, bool).reshape(shape)


def _key(array: zarr.Array, chunk: Iterable[int]) -> str:
    return f"{array.basename}/{array.metadata.encode_chunk_key(tuple(map(int, chunk)))}"


def _chunk_shape(array: zarr.Array) -> tuple[int, ...]:
    """Return the shape of what one file holds: a shard where an array has those."""
    return array.shards or array.chunks


def _is_nan(value: object) -> bool:
    return bool(np.issubdtype(np.asarray(value).dtype, np.floating) and np.isnan(value))


def _arrays(store: Path) -> list[zarr.Array]:
    """Return the arrays of a store, by name."""
    group = zarr.open_group(store, mode="r", use_consolidated=False)
    return [array for _, array in sorted(group.arrays())]


def _digest(store: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(filter(Path.is_file, store.rglob("*"))):
        name = path.relative_to(store)
        if name.name == METADATA or name.parts[1:2] == (CHUNKS,):
            size, content = _metadata(path) if name.name == METADATA else _tail(path)
            digest.update(f"{name.as_posix()} {size} ".encode())
            digest.update(content)
    return digest.hexdigest()


def _metadata(path: Path) -> tuple[int, bytes]:
    """Return size and bytes of metadata, without attributes that change no value."""
    content = path.read_bytes()
    try:
        document = json.loads(content)
        described = DESCRIPTIONS & document["attributes"].keys()
    except (ValueError, TypeError, KeyError, AttributeError):
        return len(content), content  # of no array: counted as it is
    if described:
        kept = {k: v for k, v in document["attributes"].items() if k not in described}
        content = json.dumps({**document, "attributes": kept}).encode()
    return len(content), content


def _tail(path: Path) -> tuple[int, bytes]:
    """Return the size of a chunk, and the CRC-32C at its end."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(-min(CRC_BYTES, size), 2)
        return size, file.read()
