"""A Climate Data Store on loopback: catalogue, processes, costs, jobs, results and files.

Answers have the shape of its broker; the order of checks on submit is the broker's, too.
"""

import hashlib
import json
import math
import uuid
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from servers import cds_fields
from servers.cds_fields import Change, listed
from servers.server import Request, Response, Server

KEY = "0f3c9d1e-5a77-4b12-9c55-51a6f0c3a0de"
JOBS, PROCESSES = "/api/retrieve/v1/jobs", "/api/retrieve/v1/processes"
COUNTED = ("variable", "pressure_level", "year", "month", "day", "time", "leadtime_hour")
DATASETS = (
    "reanalysis-era5-single-levels",
    "reanalysis-era5-pressure-levels",
    "derived-era5-single-levels-daily-statistics",
    "derived-era5-pressure-levels-daily-statistics",
    "reanalysis-cerra-single-levels",
    "insitu-gridded-observations-europe",
)


@dataclass
class CdsJob:
    """One job: its request, and how many more questions find it waiting."""

    dataset: str
    inputs: dict[str, Any]
    waiting: int
    state: str = "successful"
    body: bytes | None = None


@dataclass
class Settings:
    """What the store does.

    Attributes
    ----------
    waiting
        Questions about a job that find it in the queue.
    limit
        Largest cost of a request [fields].
    licences, policies
        Whether they are accepted.
    end
        How jobs end: successful, failed or rejected.
    traceback
        What users see of a failed job.
    expired
        How many jobs to come lose their results before they are fetched.
    dropped
        How many submissions to come fail before they are jobs.
    preliminary_from
        First day with expver 0005.
    skipped
        Variables that are left out of the files without a word.
    change
        Applied to each file's content.
    """

    waiting: int = 0
    limit: float = 6000
    licences: bool = True
    policies: bool = True
    end: str = "successful"
    traceback: str = "MARS returned no data, please check your selection."
    expired: int = 0
    dropped: int = 0
    preliminary_from: str = "2100-01-01"
    skipped: tuple[str, ...] = ()
    change: Change = field(default=lambda dataset: dataset)


class Cds(Server):
    """The store; `url` + `/api` is what ~/.cdsapirc holds."""

    def __init__(self, **settings: Any) -> None:
        super().__init__()
        self.settings = Settings(**settings)
        self.jobs: dict[str, CdsJob] = {}

    @property
    def api(self) -> str:
        """Address of the API."""
        return f"{self.url}/api"

    def submitted(self) -> list[dict[str, Any]]:
        """Return the inputs of all jobs, in order."""
        return [job.inputs for job in self.jobs.values()]

    def respond(self, request: Request) -> Response:
        """Return an answer of the API, or a file."""
        path = request.path
        if path == "/api/catalogue/v1/messages":
            return _json({"messages": []})
        if path.startswith("/assets/"):
            return super().respond(request)
        if not path.startswith((JOBS, PROCESSES)):
            return Response(b"<html><body>404</body></html>", 404, {"Content-Type": "text/html"})
        if path.endswith("/costing"):
            return self._costing(json.loads(request.body)["inputs"])
        if request.headers.get("private-token") != KEY:
            return _problem(401, "permission denied", "authentication required")
        if path.startswith(PROCESSES):
            return self._process(request, path.removeprefix(PROCESSES).strip("/").split("/"))
        return self._job(request, path.removeprefix(JOBS).strip("/").split("/"))

    def _process(self, request: Request, parts: list[str]) -> Response:
        dataset, action = parts[0], parts[1] if len(parts) > 1 else ""
        if dataset not in DATASETS:
            return _problem(404, "process not found", f"dataset {dataset} not found")
        if action == "execution":
            return self._submit(dataset, json.loads(request.body)["inputs"])
        if action == "constraints":
            return _json(json.loads(request.body)["inputs"])
        execute = {"rel": "execute", "href": f"{self.url}{PROCESSES}/{dataset}/execution"}
        itself = {"rel": "self", "href": f"{self.url}{PROCESSES}/{dataset}"}
        return _json({"id": dataset, "title": dataset, "inputs": {}, "links": [itself, execute]})

    def _costing(self, inputs: dict[str, Any]) -> Response:
        limit, value = self.settings.limit, cost(inputs)
        content = {"id": "size", "cost": value, "limit": limit, "request_is_valid": value <= limit}
        reason = None if value <= limit else "cost limits exceeded"
        return _json({**content, "invalid_reason": reason})

    def _submit(self, dataset: str, inputs: dict[str, Any]) -> Response:
        if self.settings.dropped:
            self.settings.dropped -= 1
            return _problem(500, "internal server error", "")
        if not _is_on_earth(inputs.get("area", [1, 0, 0, 1])):
            return _problem(400, "invalid request", f"impossible area {inputs['area']}")
        unknown = [name for name in listed(inputs, "variable") if "unknown" in name]
        if unknown:
            return _problem(400, "invalid request", f"unknown value {unknown[0]}")
        if cost(inputs) > self.settings.limit:
            what = "Your request is too large, please reduce your selection."
            return _problem(403, "cost limits exceeded", what)
        if not self.settings.licences:
            page = f"{self.url}/datasets/{dataset}?tab=download#manage-licences"
            what = f"Not all the required licences have been accepted; please visit {page}"
            return _problem(403, "required licences not accepted", what)
        if not self.settings.policies:
            what = "Missing policies are: terms (rev. 2) - https://example.org/terms"
            return _problem(403, "user didn't accept all required site policies", what)
        name = str(uuid.uuid4())
        self.jobs[name] = CdsJob(dataset, inputs, self.settings.waiting, self.settings.end)
        address = {"Location": f"{self.url}{JOBS}/{name}"}
        return Response(_dump(self._described(name, "accepted")), 201, address)

    def _job(self, request: Request, parts: list[str]) -> Response:
        name = parts[0]
        if not name:
            newest = list(reversed(self.jobs))[: int(request.query["limit"])]
            return _json({"jobs": [self._described(job, self._state(job)) for job in newest]})
        if name not in self.jobs:
            return _problem(404, "job not found", f"job {name} not found")
        if request.method == "DELETE":
            del self.jobs[name]
            return _json(self._described(name, "dismissed"))
        if parts[1:] == ["results"]:
            return self._results(name)
        job = self.jobs[name]
        state = self._state(name)
        if "log" in request.query and job.waiting > 0:
            job.waiting, state = job.waiting - 1, "accepted"
        return _json(self._described(name, state))

    def _state(self, name: str) -> str:
        return "running" if self.jobs[name].waiting else self.jobs[name].state

    def _described(self, name: str, status: str) -> dict[str, Any]:
        address = f"{self.url}{JOBS}/{name}"
        links = [{"rel": "self", "href": address}, {"rel": "monitor", "href": address}]
        if status == "successful":
            links.append({"rel": "results", "href": f"{address}/results"})
        created = "2026-11-01T00:00:00"
        return {
            "processID": self.jobs[name].dataset if name in self.jobs else "",
            "type": "process", "jobID": name, "status": status, "created": created,
            "updated": created, "started": None, "finished": None, "links": links,
            "metadata": {
                "origin": "api", "log": [[created, "INFO: queued"]],
                "request": {"ids": self.jobs[name].inputs if name in self.jobs else {}},
            },
        }  # fmt: skip

    def _results(self, name: str) -> Response:
        job = self.jobs[name]
        if job.state != "successful":
            words = {"failed": "failed", "rejected": "been rejected"}[job.state]
            return _problem(400, f"The job has {words}", "", traceback=self.settings.traceback)
        if self.settings.expired > 0:
            self.settings.expired -= 1
            return _problem(404, "results expired", f"results of {name} are gone; submit again")
        body = job.body = job.body or self._file(job)
        path = f"/assets/{name}.nc"
        self.files[path] = body
        value = {
            "type": "application/zip" if body.startswith(b"PK") else "application/netcdf",
            "href": path, "file:checksum": hashlib.md5(body).hexdigest(), "file:size": len(body),
            "file:local_path": f"s3:/{path}",
        }  # fmt: skip
        return _json({"asset": {"value": value}})

    def _file(self, job: CdsJob) -> bytes:
        """Return what the store delivers for a request."""
        wanted = [v for v in listed(job.inputs, "variable") if v not in self.settings.skipped]
        inputs = {**job.inputs, "variable": wanted or ["mean_sea_level_pressure"]}
        change = self.settings.change
        if "insitu" in job.dataset:
            name, content = cds_fields.eobs(inputs)
            return cds_fields.zipped([(name, cds_fields.netcdf(change(content)))])
        if "cerra" in job.dataset:
            return cds_fields.netcdf(change(cds_fields.cerra(inputs)))
        if "daily" in job.dataset:
            return cds_fields.netcdf(change(cds_fields.daily_statistics(inputs)))
        contents = [change(content) for content in cds_fields.era5(inputs, self._expver)]
        if len(contents) == 1:
            return cds_fields.netcdf(contents[0])
        kinds = [next(iter(c.data_vars.values())).attrs["GRIB_stepType"] for c in contents]
        return cds_fields.zipped(
            (f"data_stream-oper_stepType-{kind}.nc", cds_fields.netcdf(content))
            for kind, content in zip(kinds, contents, strict=True)
        )

    def _expver(self, stamps: np.ndarray) -> np.ndarray:
        early = stamps < np.datetime64(self.settings.preliminary_from)
        return np.where(early, "0001", "0005")


def cost(inputs: dict[str, Any]) -> int:
    """Return the fields of a request; its area does not count."""
    return math.prod(len(inputs[key]) for key in COUNTED if isinstance(inputs.get(key), list))


def _is_on_earth(area: list[float]) -> bool:
    north, west, south, east = area
    return -90 <= south < north <= 90 and -180 <= west < 180 and 0 < east - west < 360


def _dump(content: object) -> bytes:
    return json.dumps(content).encode()


def _json(content: object) -> Response:
    return Response(_dump(content), 200, {"Content-Type": "application/json"})


def _problem(status: int, title: str, detail: str, **further: str) -> Response:
    content = {"type": title, "title": title, "status": status, "detail": detail}
    body = {**content, "instance": "http://cds", "trace_id": "7", **further}
    return Response(_dump(body), status, {"Content-Type": "application/json"})
