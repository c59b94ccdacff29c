"""A web server in this process, on loopback, that serves files and fails on request.

Servers of archives override `respond`; ranges, marks of versions, HEAD and faults are served here.
"""

import hashlib
import sys
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

LOGIN = b"<!DOCTYPE html>\n<html><head><title>Login</title></head><body>Sign in</body></html>"


@dataclass(frozen=True)
class Request:
    """What a client asks for: path without query, query, headers by lower-case name, body."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Response:
    """An answer; `headers` are added to those of the server."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one answer; all else of it stays.

    Attributes
    ----------
    status, headers, body
        Replace those of the answer, such as 429 with Retry-After, or a login page with 200.
    cut_at
        Bytes of the body after which the connection breaks.
    longer
        The length that is announced exceeds the body by this [bytes].
    flip_at
        Byte of the body that arrives with all bits changed.
    no_range, no_marks
        Ranges are ignored; no ETag, Last-Modified and Accept-Ranges are sent.
    delay_s
        The answer comes late [s].
    """

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    cut_at: int | None = None
    longer: int = 0
    flip_at: int | None = None
    no_range: bool = False
    no_marks: bool = False
    delay_s: float = 0.0


class Server:
    """A server at `url` between `with` and its end.

    Attributes
    ----------
    files
        Bodies by path, such as `/data/file.nc`.
    requests
        All requests, in order.
    """

    def __init__(self, files: dict[str, bytes] | None = None) -> None:
        self.files = dict(files or {})
        self.requests: list[Request] = []
        self._faults: dict[str, list[Fault]] = defaultdict(list)
        self._lock = threading.Lock()

    def fail(self, path: str, fault: Fault, times: int = 1) -> None:
        """Let the next `times` answers of a path fail."""
        self._faults[path] += [fault] * times

    def respond(self, request: Request) -> Response:
        """Return the answer without faults; archives override it."""
        if request.path in self.files:
            return Response(self.files[request.path])
        return Response(b"not found", 404, {"Content-Type": "text/plain"})

    def asked(self, path: str) -> list[Request]:
        """Return the requests of one path."""
        return [request for request in self.requests if request.path == path]

    def __enter__(self) -> Self:
        server = self

        class Handler(_Handler):
            archive = server

        self._http = _HttpServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        arguments = {"poll_interval": 0.01}
        threading.Thread(target=self._http.serve_forever, kwargs=arguments, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def take(self, request: Request) -> tuple[Response, Fault]:
        """Note a request; return its answer and what goes wrong with it."""
        with self._lock:
            self.requests.append(request)
            faults = self._faults[request.path]
            fault = faults.pop(0) if faults else Fault()
            response = self.respond(request)
        status = response.status if fault.status is None else fault.status
        body = response.body if fault.body is None else fault.body
        return Response(body, status, response.headers | fault.headers), fault


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = True

    def server_bind(self) -> None:
        """Bind without asking for the name of this host, which waits where no one answers."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print what fails here, but not that a client has left: tests cut and kill clients."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    archive: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer("GET")

    def do_HEAD(self) -> None:
        self._answer("HEAD")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_PUT(self) -> None:
        self._answer("PUT")

    def do_DELETE(self) -> None:
        self._answer("DELETE")

    def _answer(self, method: str) -> None:
        response, fault = self.archive.take(self._request(method))
        time.sleep(fault.delay_s)
        if response.status == 200 and not fault.no_marks:
            response = self._with_marks(response, fault)
        self.send_response(response.status)
        length = {"Content-Length": str(len(response.body) + fault.longer)}
        for name, value in (length | response.headers).items():
            self.send_header(name, value)
        self.end_headers()
        if method != "HEAD":
            self._send_body(response.body, fault)

    def _request(self, method: str) -> Request:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        return Request(method, unquote(parts.path), dict(parse_qsl(parts.query)), headers, body)

    def _with_marks(self, response: Response, fault: Fault) -> Response:
        """Return all of a body or the range that is asked for, with ETag and Accept-Ranges."""
        tag = f'"{hashlib.md5(response.body).hexdigest()}"'
        marks = {"ETag": tag, "Accept-Ranges": "bytes"}
        marked = replace(response, headers=marks | response.headers)
        asked = self.headers.get("Range", "")
        version = self.headers.get("If-Range", marked.headers["ETag"])
        if not asked or fault.no_range or version != marked.headers["ETag"]:
            return marked
        start, size = int(asked.removeprefix("bytes=").partition("-")[0]), len(response.body)
        if start >= size:
            return Response(b"", 416, {"Content-Range": f"bytes */{size}"})
        content_range = {"Content-Range": f"bytes {start}-{size - 1}/{size}"}
        return Response(response.body[start:], 206, marked.headers | content_range)

    def _send_body(self, body: bytes, fault: Fault) -> None:
        sent = bytearray(body)
        if fault.flip_at is not None:
            sent[fault.flip_at] ^= 0xFF
        if fault.cut_at is not None or fault.longer:
            self.close_connection = True
        self.wfile.write(bytes(sent[: fault.cut_at]))

    def log_message(self, *_: object) -> None:
        """Write nothing."""
