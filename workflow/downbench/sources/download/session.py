"""Requests to web servers: their failures as errors that say what to do, credentials kept."""

import email.utils
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import urlsplit

import requests
import urllib3

from downbench.core.errors import UserError
from downbench.sources.download.content import HEAD_BYTES, words
from downbench.sources.download.errors import StatusError, TemporaryError

TIMEOUT_S = (20.0, 60.0)
"""For a connection, and between bytes [s]."""

TEMPORARY = (408, 425, 429, 500, 502, 503, 504)
BROKEN = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    urllib3.exceptions.HTTPError,
)


class Session(requests.Session):
    """A session that sends the caller's headers, among them keys, to the first host alone."""

    def __init__(self, headers: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.private = dict(headers or {})
        self.headers.update({"Accept-Encoding": "identity", "User-Agent": "downbench"})

    def rebuild_auth(
        self, prepared_request: requests.PreparedRequest, response: requests.Response
    ) -> None:
        """Drop the caller's headers on a redirect to another host."""
        if self.should_strip_auth(response.request.url, prepared_request.url):
            for name in self.private:
                prepared_request.headers.pop(name, None)
        super().rebuild_auth(prepared_request, response)


def public(url: str) -> str:
    """Return an address for messages: without user, password and query, which may hold keys."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"


@contextmanager
def answer(
    session: Session,
    url: str,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
) -> Iterator[requests.Response]:
    """Yield the answer to a GET, its body not yet read, with status 200, 206 or 416.

    Raises
    ------
    StatusError
        When the server refuses.
    TemporaryError
        When it is busy, or a connection fails, also while the body is read.
    UserError
        When the address is no address, or leads in circles.
    """
    label = public(url)
    try:
        with session.get(
            url,
            headers=session.private | dict(headers or {}),
            params=params,
            stream=True,
            timeout=TIMEOUT_S,
        ) as response:
            _require_status(response, label)
            yield response
    except BROKEN as error:
        raise TemporaryError(f"{label}: connection failed ({type(error).__name__})") from None
    except requests.RequestException as error:
        raise UserError(f"{label}: {type(error).__name__}: correct the address") from None


def _require_status(response: requests.Response, label: str) -> None:
    status = response.status_code
    if status in (200, 206, 416):
        return
    text = words(next(response.iter_content(HEAD_BYTES), b""))
    message = f"{label} answers {status} {response.reason}" + (f": {text}" if text else "")
    if status in TEMPORARY:
        raise TemporaryError(message, wait_s(response.headers.get("Retry-After", "")))
    raise StatusError(message, status, text)


def wait_s(retry_after: str) -> float:
    """Return the wait that a server asks for, in seconds or as a date; 0 if it asks for none."""
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        until = email.utils.parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max((until - datetime.now(UTC)).total_seconds(), 0.0)
