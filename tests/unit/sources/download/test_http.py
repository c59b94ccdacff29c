"""Downloads against a server that fails on request: resumed, verified, bounded, never spliced."""

import hashlib
import io
import json
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from downbench.core.errors import UserError
from downbench.sources.download import http, limits, retries
from downbench.sources.download.errors import ContentError, StatusError, TemporaryError
from downbench.sources.download.progress import Progress
from servers.server import LOGIN, Fault, Request, Response, Server

BODY = b"CDF\x01" + bytes(range(256)) * 100
OTHER = b"CDF\x01" + bytes(range(255, -1, -1)) * 100
PATH = "/data/pr_2001.nc"
NONE = (0.0, 0.0)


@pytest.fixture
def server():
    with Server({PATH: BODY}) as running:
        yield running


@pytest.fixture
def waits(monkeypatch):
    """The pauses that were made, none of which takes time."""
    made = []
    monkeypatch.setattr(retries.time, "sleep", made.append)
    return made


def fetch(server, folder, **options):
    options = {"kind": "netcdf", "pauses": NONE} | options
    return http.fetch_file(server.url + PATH, folder / "pr.nc", **options)


def leftovers(folder):
    return sorted(p.name for p in folder.iterdir())


def test_a_file_arrives_once(server, tmp_path):
    for _ in range(2):
        assert fetch(server, tmp_path).read_bytes() == BODY
    assert len(server.requests) == 1
    assert leftovers(tmp_path) == ["pr.nc"]


def test_a_broken_connection_is_resumed_by_range(server, tmp_path):
    server.fail(PATH, Fault(cut_at=10_000))
    assert fetch(server, tmp_path).read_bytes() == BODY
    ranges = [request.headers.get("range") for request in server.requests]
    assert ranges[0] is None
    assert 0 < int(ranges[1].removeprefix("bytes=").rstrip("-")) <= 10_000


def test_a_killed_download_goes_on_in_the_next_call(server, tmp_path):
    server.fail(PATH, Fault(cut_at=10_000))
    with pytest.raises(TemporaryError, match="connection failed"):
        fetch(server, tmp_path, pauses=())
    assert leftovers(tmp_path) == ["pr.nc.part", "pr.nc.part.json"]
    assert fetch(server, tmp_path).read_bytes() == BODY
    assert "range" in server.requests[-1].headers


@pytest.mark.parametrize("marks", [True, False])
def test_a_file_that_changed_is_never_spliced(server, tmp_path, marks):
    server.fail(PATH, Fault(cut_at=10_000, no_marks=not marks))
    with pytest.raises(TemporaryError):
        fetch(server, tmp_path, pauses=())
    server.files[PATH] = OTHER + b"longer"
    assert fetch(server, tmp_path).read_bytes() == OTHER + b"longer"


def test_a_server_without_ranges_sends_all_of_it_again(server, tmp_path):
    server.fail(PATH, Fault(cut_at=10_000))
    server.fail(PATH, Fault(no_range=True))
    assert fetch(server, tmp_path).read_bytes() == BODY


def test_a_part_that_is_complete_needs_no_more_bytes(server, tmp_path):
    server.fail(PATH, Fault(cut_at=10_000))
    with pytest.raises(TemporaryError):
        fetch(server, tmp_path, pauses=())
    (tmp_path / "pr.nc.part").write_bytes(BODY)
    assert fetch(server, tmp_path).read_bytes() == BODY


def test_notes_that_were_cut_begin_anew(server, tmp_path):
    (tmp_path / "pr.nc.part").write_bytes(b"CDF\x01 of an earlier time")
    (tmp_path / "pr.nc.part.json").write_text('{"label": "http')
    assert fetch(server, tmp_path).read_bytes() == BODY


def test_a_flipped_byte_is_fetched_again(server, tmp_path):
    server.fail(PATH, Fault(flip_at=5_000))
    assert fetch(server, tmp_path, md5=hashlib.md5(BODY).hexdigest()).read_bytes() == BODY
    assert len(server.requests) == 2


def test_a_wrong_checksum_leaves_nothing(server, tmp_path):
    server.fail(PATH, Fault(flip_at=5_000), times=3)
    with pytest.raises(TemporaryError, match=r"pr_2001.nc: its sha256 is .* instead of"):
        fetch(server, tmp_path, sha256=hashlib.sha256(BODY).hexdigest())
    assert leftovers(tmp_path) == []


def test_a_length_that_is_never_reached(server, tmp_path):
    server.fail(PATH, Fault(longer=100), times=3)
    with pytest.raises(TemporaryError):
        fetch(server, tmp_path)
    assert not (tmp_path / "pr.nc").exists()


def test_a_size_other_than_the_record_says(server, tmp_path):
    with pytest.raises(UserError, match=r"has 25604 bytes, the archive's record says 25000"):
        fetch(server, tmp_path, size=25_000)
    assert len(server.requests) == 1


def test_a_size_beyond_the_bound(server, tmp_path):
    with pytest.raises(UserError, match=r"25604 bytes or more, 1000 at most"):
        fetch(server, tmp_path, largest=1000)
    with pytest.raises(UserError, match=r"1000 at most"):
        http.fetch_text(server.url + PATH, largest=1000)


@pytest.mark.parametrize("body", [LOGIN, LOGIN * 100, b"Try again tomorrow. " * 3])
def test_a_page_or_a_message_is_no_data(server, tmp_path, body):
    server.fail(PATH, Fault(body=body))
    with pytest.raises(ContentError, match=r"pr_2001.nc answers with a (web page|message)") as e:
        fetch(server, tmp_path)
    assert e.value.text.startswith(("Login Sign in", "Try again"))
    assert len(server.requests) == 1
    assert not (tmp_path / "pr.nc").exists()


def test_a_login_page_after_a_redirect(server, tmp_path):
    server.files["/login"] = LOGIN
    server.fail(PATH, Fault(status=302, headers={"Location": "/login"}))
    with pytest.raises(ContentError, match="Sign in"):
        fetch(server, tmp_path)


def test_other_bytes_than_the_kind(server, tmp_path):
    server.files[PATH] = b"\x00\x01\x02" * 1000
    with pytest.raises(UserError, match="no netcdf file"):
        fetch(server, tmp_path)


@pytest.mark.parametrize(("kind", "head"), [("zip", b"PK\x03\x04"), ("grib", b"GRIB")])
def test_a_file_without_its_end(server, tmp_path, kind, head):
    server.files[PATH] = head + bytes(1000)
    with pytest.raises(TemporaryError, match="has no end"):
        fetch(server, tmp_path, kind=kind)
    assert leftovers(tmp_path) == []


def test_a_server_that_asks_to_wait(server, tmp_path, waits):
    server.fail(PATH, Fault(status=429, headers={"Retry-After": "7"}))
    server.fail(PATH, Fault(status=503))
    assert fetch(server, tmp_path, pauses=(1.0, 2.0)).read_bytes() == BODY
    assert [w for w in waits if w] == [7.0, 2.0]


def test_a_wait_until_a_date(server, tmp_path, waits):
    server.fail(PATH, Fault(status=503, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}))
    fetch(server, tmp_path, pauses=(3.0,))
    assert [w for w in waits if w] == [3.0]


def test_a_wait_of_hours_ends_the_rule(server, tmp_path, waits):
    server.fail(PATH, Fault(status=429, headers={"Retry-After": "86400"}))
    with pytest.raises(TemporaryError, match="429"):
        fetch(server, tmp_path)
    assert not any(waits)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408, 429])
def test_a_busy_server_is_asked_a_few_times(server, tmp_path, status):
    server.fail(PATH, Fault(status=status, body=b"busy"), times=9)
    with pytest.raises(TemporaryError, match=f"{status} .*: busy"):
        fetch(server, tmp_path)
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_refusal_is_final_and_quoted(server, tmp_path, status):
    server.fail(PATH, Fault(status=status, body=b"<p>You may not</p>"))
    with pytest.raises(StatusError, match="You may not") as refusal:
        fetch(server, tmp_path)
    assert (refusal.value.status, refusal.value.text) == (status, "You may not")
    assert len(server.requests) == 1


def test_no_server_at_all(tmp_path):
    with pytest.raises(TemporaryError, match="connection failed"):
        http.fetch_file("http://127.0.0.1:9/x.nc", tmp_path / "x.nc", pauses=())


def test_keys_reach_no_other_host_and_no_message(server, tmp_path):
    with Server({"/moved": BODY}) as other:
        elsewhere = f"{other.url.replace('127.0.0.1', 'localhost')}/moved"
        server.fail(PATH, Fault(status=302, headers={"Location": elsewhere}))
        fetch(server, tmp_path, headers={"PRIVATE-TOKEN": "s3cret"})
        assert server.requests[0].headers["private-token"] == "s3cret"
        assert "private-token" not in other.requests[0].headers
    url = server.url.replace("//", "//user:s3cret@") + "/none?key=s3cret"
    with pytest.raises(UserError) as error:
        http.fetch_file(url, tmp_path / "none", pauses=())
    assert "s3cret" not in str(error.value)


def test_a_transfer_that_trickles_is_ended(server, tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "PATIENCE_S", -1.0)
    monkeypatch.setattr(limits, "SLOWEST_BYTES_S", 1e12)
    with pytest.raises(TemporaryError, match=r"bytes in \d+ s"):
        fetch(server, tmp_path)
    with pytest.raises(TemporaryError, match=r"bytes in \d+ s"):
        http.fetch_text(server.url + PATH, pauses=())


def test_a_large_file_has_to_be_faster():
    minutes = http.time.monotonic() - 600.0
    limits.require_speed(10**6, minutes, "x", longest_s=86400.0, total=10**8)
    with pytest.raises(TemporaryError, match="1000000 bytes in 600 s"):
        limits.require_speed(10**6, minutes, "x", longest_s=86400.0, total=10**9)


def test_each_byte_of_an_answer_is_checked_as_it_arrives(monkeypatch):
    """A server that sends a byte now and then is not waited for."""

    @contextmanager
    def answer(*_, **__):
        yield SimpleNamespace(raw=SimpleNamespace(read1=lambda *_, **__: b"x"), headers={})

    monkeypatch.setattr(http, "answer", answer)
    monkeypatch.setattr(limits, "LONGEST_ANSWER_S", 0.01)
    with pytest.raises(TemporaryError, match="bytes in 0 s"):
        http.content(None, "https://x.org", 1 << 30)


def test_a_full_disk_is_named_before_the_transfer(server, tmp_path, monkeypatch):
    usage = type("usage", (), {"free": 10})
    monkeypatch.setattr(limits.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(UserError, match="are free"):
        fetch(server, tmp_path)


def test_json_and_text(server):
    server.files |= {"/a.json": b'{"files": []}', "/b.json": b"{", "/page": LOGIN}
    assert http.fetch_json(f"{server.url}/a.json", params={"key": "1"}) == {"files": []}
    assert server.requests[0].query == {"key": "1"}
    with pytest.raises(UserError, match="something else than JSON"):
        http.fetch_json(f"{server.url}/b.json")
    with pytest.raises(ContentError, match="web page"):
        http.fetch_text(f"{server.url}/page")


def test_an_archive_of_its_own_overrides_the_answers():
    class Archive(Server):
        def respond(self, request: Request) -> Response:
            return Response(json.dumps(request.query).encode())

    with Archive() as archive:
        assert http.fetch_json(f"{archive.url}/x?a=1") == {"a": "1"}


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_progress_in_a_log_is_rare():
    log = io.StringIO()
    line = Progress("era5: pr_2001", log)
    line.state("queued")
    line.state("queued")
    for done in range(0, 100_000_001, 500_000):
        line.update(done, 100_000_000)
    line.close()
    lines = log.getvalue().splitlines()
    assert lines[0] == "era5: pr_2001: queued"
    assert 11 <= len(lines) <= 13
    assert lines[-1].startswith("era5: pr_2001: 100.0 of 100.0 MB (100%)")


def test_progress_on_a_terminal_is_one_line():
    terminal = Terminal()
    line = Progress("pr", terminal)
    line.state("queued for a long time")
    line.update(1_000_000, None)
    line.close()
    text = terminal.getvalue()
    assert text.count("\n") == 1
    assert text.startswith("\rpr: queued for a long time\rpr: 1.0 MB ")
