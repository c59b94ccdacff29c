"""The consolidated metadata of a public Zarr store of version 2: complete, fresh and harmless."""

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from downbench.core.errors import UserError

ARRAY, ATTRIBUTES, CONSOLIDATED = ".zarray", ".zattrs", ".zmetadata"
GROUP = (".zgroup", ATTRIBUTES)
NUMBERS = re.compile(r"[<>|][fiub]\d{1,2}|[<>|][SU]\d{1,4}")
"""Types of arrays of numbers, and of labels of a fixed length; objects would be unpickled."""

CODECS = ("blosc", "zlib", "gzip", "zstd", "lz4", "bz2", "shuffle", "delta", "fixedscaleoffset")
LARGEST_CHUNK = 1 << 30
"""Chunks are decoded one by one; larger ones are refused [bytes]."""

COORDINATE_DIMS = 2
"""Arrays with so many axes or fewer are coordinates and their bounds."""

Fetch = Callable[[str], bytes | None]


def read_metadata(fetch: Fetch, name: str, label: str) -> dict[str, Any]:
    """Return the metadata of one variable and of the coordinates of a store, by key.

    Parameters
    ----------
    fetch
        Returns the content of a key of the store; None where the server has none.
    name
        The variable.
    label
        The store, for messages.

    Raises
    ------
    UserError
        When the store is gone or empty, has not this variable, describes another shape than the
        array itself does, or holds what is not read here, such as pickled objects.
    """
    content = fetch(CONSOLIDATED)
    if content is None:
        raise UserError(
            f"{label}: the store is empty or has been withdrawn (no {CONSOLIDATED}): choose "
            "another store or mirror"
        )
    entries = _entries(content, label)
    if f"{name}/{ARRAY}" not in entries:
        names = sorted({key.split("/")[0] for key in entries if key.endswith(f"/{ARRAY}")})
        raise UserError(
            f"{label}: no variable '{name}' in the store, only {', '.join(names[:20])}: choose "
            "another store"
        )
    selected = {key: value for key, value in entries.items() if _is_needed(key, name, entries)}
    for key in (key for key in selected if key.endswith(f"/{ARRAY}")):
        _require_harmless(selected[key], f"{label}: {key}")
    _require_fresh(fetch, selected, f"{name}/{ARRAY}", label)
    return selected


def chunk_shape(array: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the shape of the chunks of an array."""
    return tuple(int(size) for size in array["chunks"])


def chunk_bytes(array: Mapping[str, Any]) -> int:
    """Return the size of a decoded chunk [bytes]."""
    kind, width = str(array["dtype"])[1], int(str(array["dtype"])[2:])
    return math.prod(chunk_shape(array)) * width * (4 if kind == "U" else 1)


def _entries(content: bytes, label: str) -> dict[str, Any]:
    try:
        entries = json.loads(content)["metadata"]
    except (ValueError, KeyError, TypeError):
        entries = None
    if not isinstance(entries, dict) or not all(isinstance(v, dict) for v in entries.values()):
        raise UserError(
            f"{label}: {CONSOLIDATED} is no consolidated metadata of Zarr version 2 but begins "
            f"with {content[:60]!r}: correct the address"
        )
    return entries


def _is_needed(key: str, name: str, entries: Mapping[str, Any]) -> bool:
    array, _, _ = key.rpartition("/")
    dims = len(entries.get(f"{array}/{ARRAY}", {}).get("shape", (0, 0, 0)))
    return key in GROUP or array == name or (bool(array) and dims <= COORDINATE_DIMS)


def _require_harmless(array: Mapping[str, Any], label: str) -> None:
    try:
        codecs = [
            codec["id"] for codec in (array["compressor"], *(array["filters"] or ())) if codec
        ]
        is_plain = bool(NUMBERS.fullmatch(str(array["dtype"]))) and set(codecs) <= set(CODECS)
        size = chunk_bytes(array) if is_plain else 0
    except (KeyError, TypeError, ValueError):
        raise UserError(f"{label} does not describe an array: choose another store") from None
    if not is_plain:
        raise UserError(
            f"{label}: type {array['dtype']} with codecs {', '.join(codecs) or 'none'} is not "
            "read: choose another store"
        )
    if size > LARGEST_CHUNK:
        raise UserError(
            f"{label}: a chunk has {size / 1e9:.1f} GB: choose a store with smaller chunks"
        )


def _require_fresh(fetch: Fetch, entries: Mapping[str, Any], key: str, label: str) -> None:
    """Refuse consolidated metadata that an update of the array has left behind."""
    content = fetch(key)
    try:
        shape = json.loads(content or b"null")["shape"]
    except (ValueError, KeyError, TypeError):
        raise UserError(
            f"{label}: {key} is absent or damaged although {CONSOLIDATED} lists it: choose "
            "another store or mirror"
        ) from None
    if list(shape) != list(entries[key]["shape"]):
        raise UserError(
            f"{label}: {CONSOLIDATED} describes {key} with shape {entries[key]['shape']}, the "
            f"array has {shape}: the store is being updated or was left so: try again later, or "
            "choose another store"
        )
