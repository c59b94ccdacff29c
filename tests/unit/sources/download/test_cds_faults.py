"""What a Climate Data Store does to clients: refusals, queues, lost jobs, damaged files."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep

import numpy as np
import pytest
import xarray as xr

from cds_downloads import request
from downbench.core.errors import UserError
from downbench.sources.download import cds_daily
from downbench.sources.download.copernicus import jobs
from downbench.sources.download.errors import ContentError, TemporaryError
from downbench.steps import download
from servers.cds import KEY, Cds
from servers.server import LOGIN, Fault, Server

pytest.importorskip("cdsapi")
PROCESS = "/api/retrieve/v1/processes/derived-era5-single-levels-daily-statistics"
EXECUTION = f"{PROCESS}/execution"


@pytest.fixture
def store(cds_account):
    with Cds() as running:
        yield running


def fetch(store: Cds, folder, **keys) -> xr.Dataset:
    download = request("cds-daily", store, ["tasmax"], [2001], **keys)
    return cds_daily.fetch(download, "tasmax_2001", folder)


def require_complete(part: xr.Dataset) -> None:
    assert part.sizes["time"] == 365 and bool(part["tasmax"].notnull().all())


def notes(folder: Path) -> list[str]:
    """Return the notes about jobs in a folder."""
    return [path.read_text() for path in folder.rglob("[!.]*.job")]


def asset(store: Cds) -> str:
    """Return the path of the only file."""
    (path,) = store.files
    return path


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"licences": False}, r"derived-era5.*tab=download#manage-licences"),
        ({"policies": False}, r"https://example.org/terms"),
        ({"limit": 0.5}, r"one field too large"),
        ({"end": "failed"}, r"The job has failed.*MARS returned no data"),
        ({"end": "dismissed"}, r"API state 'dismissed'"),
        ({"end": "rejected"}, r"The job has been rejected.*MARS returned no data"),
        ({"skipped": ("2m_temperature",)}, r"2m_temperature was asked for and did not come"),
    ],
)
def test_refusals_name_the_fix(store, tmp_path, settings, words):
    for name, value in settings.items():
        setattr(store.settings, name, value)
    with pytest.raises(UserError, match=words) as caught:
        fetch(store, tmp_path)
    assert KEY not in str(caught.value)


def problem(status: int, title: str, detail: str = "reasons", **headers: str) -> Fault:
    body = json.dumps({"title": title, "status": status, "detail": detail})
    return Fault(status, headers, body.encode())


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (problem(401, "permission denied", f"unknown key {KEY}"), "how-to-api.*other stores"),
        (problem(403, "permission denied", "dataset is disabled"), "dataset is disabled"),
        (problem(404, "process not found"), "no such dataset"),
        (problem(400, "invalid request", "unknown value xyz"), "unknown value xyz"),
        (problem(422, "invalid parameter"), "invalid parameter"),
        (Fault(404, {}, LOGIN), "no such dataset"),
    ],
)
def test_refusals_on_submission(store, tmp_path, fault, words):
    store.fail(EXECUTION, fault)
    with pytest.raises(UserError, match=words) as caught:
        fetch(store, tmp_path)
    assert KEY not in str(caught.value) and not isinstance(caught.value, TemporaryError)
    assert not list(tmp_path.iterdir())


def test_an_invalid_request_is_refused_before_it_is_submitted(store, tmp_path):
    reply = {"cost": 1, "limit": 9, "request_is_valid": False, "invalid_reason": "no such day"}
    store.fail(f"{PROCESS}/costing", Fault(body=json.dumps(reply).encode()))
    with pytest.raises(UserError, match="refuses the request: no such day"):
        fetch(store, tmp_path)
    assert not store.asked(EXECUTION)


def test_the_key_does_not_follow_to_another_host(store, tmp_path):
    with Server({PROCESS: b"{}"}) as other:
        address = f"{other.url.replace('127.0.0.1', 'localhost')}{PROCESS}"
        store.fail(PROCESS, Fault(302, {"Location": address}))
        with pytest.raises(UserError):
            fetch(store, tmp_path)
        (asked,) = other.requests[:1]
    assert "private-token" not in asked.headers


def test_a_cost_refused_on_submission_is_split(store, tmp_path):
    store.fail(EXECUTION, problem(403, "cost limits exceeded"))
    require_complete(fetch(store, tmp_path))
    assert [len(inputs["month"]) for inputs in store.submitted()] == [12, 6, 6]


@pytest.mark.parametrize("status", [500, 429])
def test_short_failures_are_repeated(store, tmp_path, status):
    store.settings.dropped = 2
    store.fail(EXECUTION, problem(status, "trouble"), times=2)
    require_complete(fetch(store, tmp_path))
    assert len(store.asked(EXECUTION)) == 3 and len(store.jobs) == 1


def test_a_submission_without_an_answer_is_not_repeated(store, tmp_path):
    store.fail(EXECUTION, problem(504, "read timeout error"))
    require_complete(fetch(store, tmp_path))
    assert len(store.asked(EXECUTION)) == len(store.jobs) == 1


def test_a_call_killed_while_it_submits_is_resumed(store, tmp_path, monkeypatch):
    from ecmwf.datastores.processing import Process

    submit = Process.submit

    def killed(process, inputs):
        submit(process, inputs)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Process, "submit", killed)
        with pytest.raises(KeyboardInterrupt):
            fetch(store, tmp_path)
    require_complete(fetch(store, tmp_path))
    assert len(store.asked(EXECUTION)) == 1


def test_jobs_that_cannot_be_listed_end_the_call(store, tmp_path):
    store.fail(EXECUTION, problem(504, "read timeout error"))
    store.fail("/api/retrieve/v1/jobs", problem(404, "not found"))
    with pytest.raises(UserError, match="no answer.*cannot be listed"):
        fetch(store, tmp_path)
    assert len(store.asked(EXECUTION)) == 1


def test_retry_after_is_kept(store, tmp_path, monkeypatch):
    from downbench.sources.download import retries

    waits = []
    monkeypatch.setattr(retries.time, "sleep", waits.append)
    fault = problem(429, "rate limit exceeded", "Please wait 17 seconds.", **{"Retry-After": "17"})
    store.fail(EXECUTION, fault)
    require_complete(fetch(store, tmp_path))
    assert 17.0 in waits


def test_lasting_failures_end_and_the_next_call_goes_on(store, tmp_path):
    store.settings.dropped = 3
    store.fail(EXECUTION, problem(500, "internal server error"), times=3)
    with pytest.raises(TemporaryError, match="500.*internal server error"):
        fetch(store, tmp_path)
    require_complete(fetch(store, tmp_path))


def test_a_web_page_instead_of_the_api(store, tmp_path):
    store.fail(PROCESS, Fault(200, {}, LOGIN))
    with pytest.raises(UserError, match="does not answer as the Climate Data Store"):
        fetch(store, tmp_path)


def test_a_job_that_stays_queued_is_resumed(store, tmp_path):
    store.settings.waiting = 6
    with pytest.raises(TemporaryError, match=r"is queued .*stays in the queue"):
        fetch(store, tmp_path, patience_hours=0.001)
    require_complete(fetch(store, tmp_path))
    assert len(store.asked(EXECUTION)) == 1


def test_an_outage_is_waited_for_like_the_queue(store, tmp_path, monkeypatch):
    store.settings.waiting = 2

    def fail(seconds: float) -> None:
        (name,) = store.jobs
        fault = Fault(status=503, headers={"Retry-After": "700"})
        store.fail(f"/api/retrieve/v1/jobs/{name}", fault, times=4)
        monkeypatch.setattr(jobs, "sleep", waits.append)

    waits: list[float] = []
    monkeypatch.setattr(jobs, "sleep", fail)
    require_complete(fetch(store, tmp_path))
    assert len(store.asked(EXECUTION)) == 1 and waits[:4] == [700.0] * 4


def test_an_outage_counts_against_patience(store, tmp_path, monkeypatch):
    waits: list[float] = []
    monkeypatch.setattr(jobs, "sleep", waits.append)
    store.settings.waiting = 2
    with pytest.raises(TemporaryError, match="stays in the queue"):
        fetch(store, tmp_path, patience_hours=1e-9)
    (name,) = store.jobs
    fault = Fault(status=503, headers={"Retry-After": "1000"})
    store.fail(f"/api/retrieve/v1/jobs/{name}", fault, times=9)
    waits.clear()
    with pytest.raises(TemporaryError, match="answers 503.*stays in the queue"):
        fetch(store, tmp_path, patience_hours=0.5)
    assert waits == [1000.0, 800.0]


def test_a_killed_call_resumes_the_same_job(store, tmp_path, monkeypatch):
    def kill(seconds: float) -> None:
        raise KeyboardInterrupt

    store.settings.waiting = 3
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "sleep", kill)
        with pytest.raises(KeyboardInterrupt):
            fetch(store, tmp_path)
    require_complete(fetch(store, tmp_path))
    assert len(store.asked(EXECUTION)) == 1
    (note,) = notes(tmp_path)
    assert KEY not in note


def test_a_process_killed_in_the_queue_leaves_its_job(store, tmp_path):
    store.settings.waiting = 1000
    section = request("cds-daily", store, ["tasmax"], [2001]).model_dump_json()
    arguments = ["--request", section, "--part", "tasmax_2001", "--output", str(tmp_path / "a.nc")]
    command = [sys.executable, "-m", "downbench.steps.download", *arguments]
    with subprocess.Popen(command) as process:
        while process.poll() is None and '"job": "' not in "".join(notes(tmp_path)):
            sleep(0.05)
        process.kill()
    assert process.returncode == -signal.SIGKILL and not (tmp_path / "a.nc").exists()
    (job,) = store.jobs.values()
    job.waiting = 0
    download.main(arguments)
    require_complete(xr.load_dataset(tmp_path / "a.nc"))
    assert len(store.asked(EXECUTION)) == len(store.jobs) == 1


@pytest.mark.parametrize("loss", ["job", "results", "file"])
def test_what_has_expired_is_asked_anew(store, tmp_path, loss):
    if loss == "results":
        store.settings.expired = 1
    else:
        store.settings.waiting = 2
        with pytest.raises(TemporaryError):
            fetch(store, tmp_path, patience_hours=1e-9)
        if loss == "job":
            store.jobs.clear()
        else:
            (name,) = store.jobs
            store.fail(f"/assets/{name}.nc", problem(404, "not found"))
    require_complete(fetch(store, tmp_path))
    assert len(store.asked(EXECUTION)) == 2


def test_results_that_keep_expiring_end_the_call(store, tmp_path):
    store.settings.expired = 9
    with pytest.raises(TemporaryError, match="gone before"):
        fetch(store, tmp_path)
    assert len(store.asked(EXECUTION)) == jobs.JOBS_PER_REQUEST


def test_a_failed_job_is_forgotten(store, tmp_path):
    store.settings.end = "failed"
    with pytest.raises(UserError, match="has failed"):
        fetch(store, tmp_path)
    store.settings.end = "successful"
    require_complete(fetch(store, tmp_path))


def with_fault(store: Cds, folder, fault: Fault, times: int = 1) -> xr.Dataset:
    """Fetch with a fault of the file of the first job."""
    store.settings.waiting = 2
    with pytest.raises(TemporaryError):
        fetch(store, folder, patience_hours=1e-9)
    (name,) = store.jobs
    store.fail(f"/assets/{name}.nc", fault, times)
    return fetch(store, folder)


@pytest.mark.parametrize("fault", [Fault(cut_at=9000), Fault(flip_at=5000), Fault(status=503)])
def test_damaged_transfers_are_repaired(store, tmp_path, fault):
    require_complete(with_fault(store, tmp_path, fault))
    asked = store.asked(asset(store))
    assert len(asked) == 2 and len(store.jobs) == 1
    assert ("range" in asked[1].headers) == (fault.cut_at is not None)
    assert not any("private-token" in one.headers for one in asked)


def test_a_file_that_stays_damaged_is_not_taken(store, tmp_path):
    with pytest.raises(TemporaryError, match="md5"):
        with_fault(store, tmp_path, Fault(flip_at=5000), times=3)
    assert not list(tmp_path.glob("*.data"))
    require_complete(fetch(store, tmp_path))


def test_a_file_of_another_length_is_asked_anew(store, tmp_path):
    fault = Fault(body=b"\x89HDF\r\n\x1a\n" + bytes(100))
    require_complete(with_fault(store, tmp_path, fault, times=3))
    assert len(store.asked(EXECUTION)) == 2


def test_a_web_page_instead_of_data(store, tmp_path):
    """It is quoted, although its length alone shows that it is no file of the job."""
    with pytest.raises(ContentError, match="answers with a web page: Login Sign in"):
        with_fault(store, tmp_path, Fault(body=LOGIN))
    require_complete(fetch(store, tmp_path))


def drop(dataset):
    return dataset.isel(valid_time=np.arange(dataset.sizes["valid_time"]) != 40)


def repeat(dataset):
    return dataset.isel(valid_time=[0, *range(dataset.sizes["valid_time"])])


def celsius(dataset):
    return dataset.assign(t2m=(dataset["t2m"] - 273.15).assign_attrs(units="degC"))


def silent_celsius(dataset):
    return dataset.assign(t2m=(dataset["t2m"] - 273.15).assign_attrs(units="K"))


def swap(dataset):
    swapped = {"latitude": "longitude", "longitude": "latitude"}
    return dataset.rename(swapped).transpose("valid_time", "latitude", "longitude")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (drop, "1 of 365 times are not in the files, first 2001-02-10"),
        (
            repeat,
            "1 of 365 times are twice in the files, .*: the part is damaged",
        ),
        (celsius, "t2m is in 'degC', not in 'K'"),
        (silent_celsius, r"tasmax runs from .*, outside \[.*units"),
        (swap, "does not cover the box .* its axes look swapped"),
    ],
)
def test_other_content_is_refused(store, tmp_path, change, words):
    store.settings.change = change
    with pytest.raises(UserError, match=words):
        fetch(store, tmp_path)
    store.settings.change = lambda dataset: dataset
    require_complete(fetch(store, tmp_path))


def test_latitudes_from_the_south_are_read_by_their_labels(store, tmp_path):
    first = fetch(store, tmp_path / "north")
    store.settings.change = lambda dataset: dataset.isel(latitude=slice(None, None, -1))
    second = fetch(store, tmp_path / "south")
    xr.testing.assert_allclose(first["tasmax"], second["tasmax"].sortby("lat", ascending=False))
