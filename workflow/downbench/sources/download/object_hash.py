"""The checksum that an object store sends with an object."""

import base64
import re
from collections.abc import Mapping

import google_crc32c

from downbench.sources.download.errors import TemporaryError

CRC32C = re.compile(r"crc32c=([A-Za-z0-9+/]+=*)")
HASH, STORED = "x-goog-hash", "x-goog-stored-content-encoding"
"""Headers with the checksum of an object as it is stored, and with its encoding there."""


def require(body: bytes, headers: Mapping[str, str], label: str) -> None:
    """Refuse bytes that differ from the object; without a checksum, nothing is known.

    Parameters
    ----------
    body
        As received.
    headers
        Of the answer.
    label
        Address, for messages.

    Raises
    ------
    TemporaryError
        When the CRC-32C differs.
    """
    expected = CRC32C.search(headers.get(HASH, ""))
    if expected is None or headers.get(STORED, "identity") != "identity":
        return
    if expected[1] != crc32c(body):
        raise TemporaryError(f"{label}: the bytes differ from the checksum of the object")


def crc32c(body: bytes) -> str:
    """Return the checksum in the form of the header."""
    return base64.b64encode(google_crc32c.value(body).to_bytes(4, "big")).decode()
