"""The Climate Data Store through cdsapi: costs, jobs and results, with errors that say the fix.

The client's own retries ignore Retry-After and last up to 16 hours, so it gets a single attempt
and a timeout; `retried` repeats short failures, and `jobs` waits for queues.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import requests

from downbench.core.errors import UserError
from downbench.sources.download.copernicus.account import Account
from downbench.sources.download.copernicus.refusals import FailedJobError, refusal
from downbench.sources.download.copernicus.requests import Request
from downbench.sources.download.errors import TemporaryError
from downbench.sources.download.retries import PAUSES, retried
from downbench.sources.download.session import BROKEN, Session

TIMEOUT_S, SHORTEST_KEY = 60, 16
ALIVE = ("accepted", "running", "successful")
"""States of a job that has or may get a result."""
NEWEST = {"limit": 20, "sortby": "-created"}
"""Which jobs of the account are looked through."""

Result = TypeVar("Result")


@dataclass(frozen=True)
class Asset:
    """The file of a finished job: address, size [bytes], checksum (hexadecimal, or empty)."""

    url: str
    size: int
    checksum: str


class Service:
    """One dataset of the store.

    Parameters
    ----------
    account
        Whose requests they are.
    dataset
        Name of the dataset at the store, such as `reanalysis-era5-single-levels`.
    pauses
        Before the second and further attempts of one call [s].
    """

    def __init__(
        self, account: Account, dataset: str, pauses: Sequence[float] | None = None
    ) -> None:
        self.account, self.dataset = account, dataset
        self.pauses = PAUSES if pauses is None else pauses
        self._client = _client(account)
        self._remotes: dict[str, Any] = {}

    def cost(self, request: Request) -> tuple[float, float]:
        """Return cost and limit of a request; limit infinity where the store states none.

        Raises
        ------
        UserError
            When the store calls the request invalid for another reason than its cost.
        """
        reply = self._answer(lambda: self._process.estimate_costs(request))
        cost, limit = float(reply["cost"]), float(reply.get("limit") or "inf")
        if cost <= limit and not reply.get("request_is_valid", True):
            reason = reply.get("invalid_reason")
            raise UserError(f"{self.dataset}: the store refuses the request: {reason}")
        return cost, limit

    def submit(self, request: Request, unanswered: bool = False) -> str:
        """Return the id of a job for a request.

        A submission that ends without an answer may have become a job, so before the next one
        the account's newest jobs are looked through.

        Parameters
        ----------
        request
            What is asked for.
        unanswered
            Whether an earlier call has submitted it and does not know the job.
        """
        unclear = [unanswered]

        def attempt() -> str:
            job = self._recent(request) if unclear[0] else None
            unclear[0] = True
            return job or self._attempt(lambda: self._process.submit(request)).request_id

        return retried(attempt, self.pauses, self.dataset)

    def _recent(self, request: Request) -> str | None:
        """Return the newest job of the account for a request; None without one."""
        try:
            newest = self._attempt(lambda: self._client.get_jobs(**NEWEST).json["jobs"])
            alive = [job for job in newest if job["status"] in ALIVE]
            ids = [job["jobID"] for job in alive if job["processID"] == self.dataset]
            return next((job for job in ids if self._is_for(job, request)), None)
        except TemporaryError:
            raise
        except (UserError, KeyError, TypeError, AttributeError) as error:
            raise UserError(
                f"{self.dataset}: a submission had no answer, and the jobs of the account cannot "
                f"be listed ({error}): see {self.account.site}/requests; the same command submits "
                "again"
            ) from None

    def _is_for(self, job: str, request: Request) -> bool:
        answer = self._attempt(lambda: self._remote(job).json)
        stored = answer.get("metadata", {}).get("request", {}).get("ids", {})
        return all(_plain(stored.get(key)) == _plain(request[key]) for key in request)

    def status(self, job: str) -> str:
        """Return `accepted`, `running` or `successful`; the caller waits for outages, too.

        Raises
        ------
        FailedJobError
            When the job ended otherwise.
        LostJobError
            When the store does not know it any more.
        """
        remote = self._remote(job)
        status = self._attempt(lambda: str(remote.json["status"]))
        if status not in ALIVE:
            self._attempt(lambda: remote.results_ready)  # raises what the store says about it
            raise FailedJobError(f"{self.dataset}: job {job} is {status}: run the command again")
        return status

    def asset(self, job: str) -> Asset:
        """Return the result of a successful job."""
        results = self._attempt(self._remote(job).get_results)
        return self._attempt(
            lambda: Asset(
                results.location,
                results.content_length,
                str(results.asset.get("file:checksum") or ""),
            )
        )

    @cached_property
    def _process(self) -> Any:
        return self._client.get_process(self.dataset)

    def _remote(self, job: str) -> Any:
        """Return the client's view of a job; asked for once."""
        if job not in self._remotes:
            self._remotes[job] = self._attempt(lambda: self._client.get_remote(job))
        return self._remotes[job]

    def _answer(self, call: Callable[[], Result]) -> Result:
        return retried(lambda: self._attempt(call), self.pauses, self.dataset)

    def _attempt(self, call: Callable[[], Result]) -> Result:
        from ecmwf.datastores.processing import LinkError, ProcessingFailedError

        site = self.account.site
        try:
            return call()
        except requests.HTTPError as error:
            raise self._hidden(refusal(error.response, self.dataset, site)) from None
        except BROKEN as error:
            what = f"{self.dataset}: {site} cannot be reached ({type(error).__name__})"
            raise TemporaryError(what) from None
        except ProcessingFailedError as error:
            what = f"{self.dataset}: {error}: run the same command again for a new job"
            raise self._hidden(FailedJobError(what)) from None
        except (ValueError, TypeError, KeyError, AssertionError, LinkError) as error:
            raise UserError(
                f"{self.account.url} does not answer as the Climate Data Store does "
                f"({type(error).__name__}): check url in ~/.cdsapirc or CDSAPI_URL"
            ) from None

    def _hidden(self, error: UserError) -> UserError:
        """Return an error whose text does not repeat the key, which is long unless mistyped."""
        if len(self.account.key) >= SHORTEST_KEY:
            error.args = (str(error).replace(self.account.key, "…"),)
        return error


def _plain(value: object) -> list[str]:
    """Return a value of a request as texts: the store may write a word as a list."""
    return [str(one) for one in (value if isinstance(value, list) else [value])]


def _client(account: Account) -> Any:
    """Return the client that cdsapi delegates to."""
    try:
        import cdsapi
    except ImportError:
        raise UserError(
            "downloads from the Climate Data Store need the package cdsapi: "
            "pip install 'downbench[sources]'"
        ) from None
    return cdsapi.Client(
        url=account.url,
        key=account.key,
        quiet=True,
        progress=False,
        timeout=TIMEOUT_S,
        retry_max=1,
        sleep_max=1,
        delete=False,
        wait_until_complete=False,
        session=Session({"PRIVATE-TOKEN": account.key}),
    ).client
