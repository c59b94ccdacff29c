"""A request's job: submitted once, remembered beside its file, and waited for."""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from time import sleep

from downbench.core.errors import UserError
from downbench.core.io.atomic import replacing
from downbench.sources.download.copernicus.refusals import FailedJobError, LostJobError
from downbench.sources.download.copernicus.requests import Request
from downbench.sources.download.copernicus.service import Asset, Service
from downbench.sources.download.errors import ChangedError, StatusError, TemporaryError
from downbench.sources.download.http import fetch_file
from downbench.sources.download.progress import Progress

GONE = (403, 404, 410)
"""Status of the file of a job whose results have expired."""
JOBS_PER_REQUEST = 3
JOB_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
CHECKSUMS = {32: "md5", 64: "sha256"}
"""Kind of a checksum by its length."""


@dataclass(frozen=True)
class Patience:
    """Waits for a job [s]: the first, the longest and all of them; how they grow."""

    first_s: float = 1.0
    longest_s: float = 120.0
    all_s: float = 24 * 3600.0
    growth: float = 1.5


class Job:
    """The job of one request, in a folder that outlives a killed rule.

    Parameters
    ----------
    service
        The dataset.
    request
        What is asked for.
    folder
        Where the id of the job and its file stand, by the digest of the request.
    """

    def __init__(self, service: Service, request: Request, folder: Path) -> None:
        self.service, self.request = service, request
        content = json.dumps([service.account.url, service.dataset, request], sort_keys=True)
        stem = hashlib.sha256(content.encode()).hexdigest()[:16]
        self.file, self.note = folder / f"{stem}.data", folder / f"{stem}.job"

    @property
    def exists(self) -> bool:
        """Whether the file has arrived, or a job for it has been submitted."""
        return self.file.exists() or self._id() is not None

    def fetch(self, patience: Patience, line: Progress) -> Path:
        """Return the file; goes on with the job of an earlier call, and asks anew for a lost one.

        Raises
        ------
        CostError
            When the request is too large.
        TemporaryError
            When patience is over: the next call waits for the same job.
        UserError
            When the store refuses, or a job fails.
        """
        for _ in range(JOBS_PER_REQUEST):
            if self.file.exists():
                return self.file
            try:
                return self._fetched(self._wait(patience, line), line)
            except LostJobError as error:
                line.state(f"{error}; asked again")
                self.note.unlink(missing_ok=True)
            except FailedJobError:
                self.note.unlink(missing_ok=True)
                raise
        raise TemporaryError(
            f"{self.service.dataset}: results of {JOBS_PER_REQUEST} jobs were gone before they "
            "could be fetched, or not those of the store's record: run the same command later"
        )

    def _id(self) -> str | None:
        """Return the job of an earlier call; None without one."""
        try:
            job = json.loads(self.note.read_text())["job"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return job if isinstance(job, str) and JOB_ID.fullmatch(job) else None

    def _submit(self) -> str:
        """Return the id of a new job, or of that of a submission whose answer did not arrive."""
        unanswered = self.note.exists()
        self._write(None)
        try:
            job = self.service.submit(self.request, unanswered)
        except TemporaryError:
            raise
        except UserError:
            self.note.unlink()
            raise
        if not JOB_ID.fullmatch(job):
            raise TemporaryError(f"{self.service.dataset}: the store names no job")
        self._write(job)
        return job

    def _write(self, job: str | None) -> None:
        with replacing(self.note) as partial:
            partial.write_text(json.dumps({"job": job, "request": self.request}))

    def _wait(self, patience: Patience, line: Progress) -> Asset:
        job, pause, waited = self._id() or self._submit(), patience.first_s, 0.0
        while isinstance(state := self._state(job), TemporaryError):
            if waited >= patience.all_s:
                raise TemporaryError(
                    f"{state} (job {job}, after {waited / 3600:.1f} h). "
                    "It stays in the queue: the same command goes on with it"
                )
            line.state(f"{state} (job {job}, for {waited / 60:.0f} min)")
            wait = min(max(pause, state.wait_s), max(pause, patience.all_s - waited))
            sleep(wait)
            waited, pause = waited + wait, min(pause * patience.growth, patience.longest_s)
        return state

    def _state(self, job: str) -> Asset | TemporaryError:
        """Return the result, or why it is waited for: the queue, or an outage of the store."""
        try:
            status = self.service.status(job)
            if status == "successful":
                return self.service.asset(job)
        except TemporaryError as error:
            return error
        return TemporaryError(f"{self.service.dataset}: the job is {_words(status)}")

    def _fetched(self, asset: Asset, line: Progress) -> Path:
        name = CHECKSUMS.get(len(asset.checksum))
        sums = {name: asset.checksum} if name else {}
        try:
            return fetch_file(
                asset.url,
                self.file,
                size=asset.size,
                pauses=self.service.pauses,
                progress=Progress(line.label),
                **sums,
            )
        except ChangedError as error:
            raise LostJobError(f"not the file of the job: {error}") from None
        except StatusError as error:
            if error.status in GONE:
                raise LostJobError(str(error)) from None
            raise


def _words(status: str) -> str:
    return "queued" if status == "accepted" else status
