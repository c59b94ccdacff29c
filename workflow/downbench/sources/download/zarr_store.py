"""A public Zarr store of version 2 over HTTP, opened lazily: a chunk that is absent is an error.

zarr takes a chunk that the server has not (404) for its fill value, so a lost one would be read as
missing values or as zeros without a word.
"""

import asyncio
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import xarray as xr
import zarr
from zarr.abc.store import ByteRequest
from zarr.buffer import cpu
from zarr.core.buffer import Buffer, BufferPrototype
from zarr.storage import MemoryStore, WrapperStore

from downbench.core.errors import UserError
from downbench.sources.download.errors import RefusalError, StatusError, TemporaryError
from downbench.sources.download.http import LARGEST_ANSWER, content
from downbench.sources.download.retries import PAUSES, retried
from downbench.sources.download.session import Session, public
from downbench.sources.download.zarr_metadata import (
    ARRAY,
    CONSOLIDATED,
    GROUP,
    chunk_bytes,
    read_metadata,
)
from downbench.sources.files import zarr_zeros

CHUNK = re.compile(r"(?P<array>.+?)/(?P<first>\d+)([./]\d+)*")
"""Key of a chunk, whose numbers are separated by dots or slashes."""

BUCKETS = {
    "gs": "https://storage.googleapis.com/{bucket}",
    "s3": "https://{bucket}.s3.amazonaws.com",
}
MEMORY = 256 << 20
"""Chunks are fetched side by side as long as they take less than this, decoded [bytes]."""

MOST_CONNECTIONS = 8
BLOSC_SIZE = slice(12, 16)
"""Where a Blosc buffer holds its own length, in little-endian order."""


class AbsentChunk(RefusalError):
    """A chunk that the server does not have, or not as it was written.

    Attributes
    ----------
    reason
        What the server answers.
    first
        Number of the chunk along the first axis.
    """

    def __init__(self, reason: str, first: int) -> None:
        super().__init__(f"{reason}: the store lacks a chunk: choose another store or mirror")
        self.reason, self.first = reason, first


class HttpStore(WrapperStore[MemoryStore]):
    """A read-only store whose metadata are in memory and whose chunks are fetched.

    Requests are those of all downloads: bounded, repeated after the pauses that a server asks for.
    """

    def __init__(
        self, store: MemoryStore, url: str, arrays: dict[str, dict], pauses: Sequence[float]
    ) -> None:
        super().__init__(store)
        self.url, self.arrays, self.pauses = url, arrays, pauses
        self.session = Session()

    async def get(
        self, key: str, prototype: BufferPrototype, byte_range: ByteRequest | None = None
    ) -> Buffer | None:
        """Return the content of a key; None where it is no chunk and not in the metadata."""
        metadata = await super().get(key, prototype, byte_range)
        chunk = CHUNK.fullmatch(key)
        if metadata is not None or chunk is None:
            return metadata
        return prototype.buffer.from_bytes(await asyncio.to_thread(self._chunk, chunk))

    def _chunk(self, chunk: re.Match) -> bytes:
        array, address = self.arrays[chunk["array"]], f"{self.url}/{chunk[0]}"

        def attempt() -> bytes:
            body = content(self.session, address, 2 * chunk_bytes(array) + 4096)
            is_blosc = (array["compressor"] or {}).get("id") == "blosc"
            if is_blosc and int.from_bytes(body[BLOSC_SIZE], "little") != len(body):
                raise TemporaryError(f"{address}: the chunk is truncated or no chunk at all")
            return body

        try:
            return retried(attempt, self.pauses, address)
        except (StatusError, TemporaryError) as error:
            raise AbsentChunk(str(error), int(chunk["first"])) from None


@contextmanager
def opened(url: str, name: str, pauses: Sequence[float] = PAUSES) -> Iterator[xr.Dataset]:
    """Open one variable of a store, with its coordinates, as long as the block lasts.

    Parameters
    ----------
    url
        Address of the store; gs:// and s3:// are read through HTTPS, without an account.
    name
        The variable.
    pauses
        Before the second try of a request and the further ones [s].

    Yields
    ------
    xr.Dataset
        Lazy, as `files.zarr_zeros.opened` returns it; `encoding["chunks"]` of the variable holds
        the shape of its chunks.

    Raises
    ------
    UserError
        As `zarr_metadata.read_metadata`.
    """
    address = https(url).rstrip("/")
    with Session() as session:
        metadata = read_metadata(lambda key: _key(session, address, key, pauses), name, url)
    memory = _in_memory(metadata)
    arrays = {k.rpartition("/")[0]: v for k, v in metadata.items() if k.endswith(f"/{ARRAY}")}
    store = HttpStore(memory, address, arrays, pauses)
    side_by_side = max(1, min(MOST_CONNECTIONS, MEMORY // chunk_bytes(arrays[name])))
    with store.session, zarr.config.set({"async.concurrency": side_by_side}):
        yield zarr_zeros.opened(
            engine="zarr", filename_or_obj=store, consolidated=True, chunks=None
        )


def loaded(field: xr.DataArray, label: str) -> np.ndarray:
    """Return the values of a part of a variable.

    Raises
    ------
    AbsentChunk
        When the server lacks a chunk, or has only a part of it.
    UserError
        When a chunk cannot be decoded.
    """
    try:
        return field.values
    except (RuntimeError, ValueError) as error:
        raise UserError(
            f"{label}: a chunk cannot be decoded ({error}): the store is damaged: choose another "
            "store or mirror"
        ) from None


def https(url: str) -> str:
    """Return the address over HTTPS of a store in a public bucket; others stay as they are."""
    scheme, _, rest = url.partition("://")
    bucket, _, path = rest.partition("/")
    return f"{BUCKETS[scheme].format(bucket=bucket)}/{path}" if scheme in BUCKETS else url


def _in_memory(metadata: dict[str, dict]) -> MemoryStore:
    """Return a store of metadata alone."""
    groups = {key: metadata[key] for key in GROUP if key in metadata}
    consolidated = {CONSOLIDATED: {"zarr_consolidated_format": 1, "metadata": metadata}}
    objects = (groups | consolidated).items()
    encoded = {key: cpu.Buffer.from_bytes(json.dumps(entry).encode()) for key, entry in objects}
    return MemoryStore(encoded, read_only=True)


def _key(session: Session, address: str, key: str, pauses: Sequence[float]) -> bytes | None:
    """Return the content of a key of the metadata; None where the server has none."""
    url = f"{address}/{key}"
    try:
        return retried(lambda: content(session, url, LARGEST_ANSWER), pauses, public(url))
    except StatusError as error:
        if error.status == 404:
            return None
        raise UserError(f"{error}: choose a store that is public, or a mirror") from None
