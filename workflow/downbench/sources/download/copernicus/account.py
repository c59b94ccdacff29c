"""The user's account at the Climate Data Store: address and key, which no message shows."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from downbench.core.errors import UserError

PUBLIC = "https://cds.climate.copernicus.eu/api"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
VARIABLE = "CDSAPI_KEY"
HEADER_VALUE = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True)
class Account:
    """Address of the API, and the key for it."""

    url: str
    key: str = field(repr=False)

    @property
    def site(self) -> str:
        """Address of the pages that people visit."""
        return self.url.removesuffix("/api")


def account(url: str | None = None) -> Account:
    """Return the account that cdsapi would use, refusing what the store refuses with riddles.

    Parameters
    ----------
    url
        Address of another server than that of the environment or of ~/.cdsapirc.

    Raises
    ------
    UserError
        When there is no key, it is one of the old service, it belongs to another store, or it
        would be sent without encryption.
    """
    file = Path(os.environ.get("CDSAPI_RC") or "~/.cdsapirc").expanduser()
    entries = _entries(file)
    environment = os.environ.get("CDSAPI_URL")
    address = url or environment or entries.get("url") or PUBLIC
    address = _checked_address(address.rstrip("/"))
    key, origin, store = os.environ.get(VARIABLE), VARIABLE, environment
    if key is None:
        key, origin, store = entries.get("key"), str(file), entries.get("url")
    if key:
        _require_same_store(address, store or PUBLIC, origin)
    return Account(address, _checked_key(key, origin, address))


def _entries(file: Path) -> Mapping[str, str]:
    """Return url and key of a file as cdsapi reads it."""
    if not file.is_file():
        return {}
    pairs = (line.strip().partition(":") for line in file.read_text().splitlines())
    return {name: value.strip() for name, _, value in pairs if name in ("url", "key")}


def _checked_address(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise UserError(f"{address}: a key is sent to https alone: write https://…")
    if parts.path.endswith("/v2"):
        raise UserError(f"{address} is the service that closed in 2024: set url to {PUBLIC}")
    return address


def _require_same_store(address: str, of_key: str, origin: str) -> None:
    """Refuse to send a key to another host than its own; a server on this machine may have it."""
    asked, host = urlsplit(address).hostname, urlsplit(of_key).hostname
    if asked != host and asked not in LOOPBACK:
        raise UserError(
            f"{origin}: its key is for {host}, this download asks {asked}: if you trust that host "
            f"with a key, set CDSAPI_URL to {address} and {VARIABLE} to a key of that store"
        )


def _checked_key(key: str | None, origin: str, address: str) -> str:
    page = f"{address.removesuffix('/api')}/how-to-api"
    if not key:
        raise UserError(
            f"no key of the Climate Data Store: register (it is free), copy url and key from "
            f"{page} to ~/.cdsapirc, or set {VARIABLE}"
        )
    if ":" in key:
        raise UserError(
            f"{origin}: the key has the form UID:key of the old service: replace it by the "
            f"personal access token of {page}, without the number before the colon"
        )
    if not HEADER_VALUE.fullmatch(key):
        raise UserError(f"{origin}: the key holds blanks or other characters: copy it from {page}")
    return key
