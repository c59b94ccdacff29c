"""Refusals of the Climate Data Store, distinguished by status and title, each with its fix.

Bodies are those of its broker: {type, title, status, detail, instance, trace_id}, and `traceback`
for failed jobs. Two different refusals share the status 403: licences and costs.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import requests

from downbench.core.errors import UserError
from downbench.sources.download.errors import RefusalError, TemporaryError
from downbench.sources.download.session import wait_s

SHOWN = 600
TEMPORARY = (408, 425, 429, 500, 502, 503, 504)


class CostError(UserError):
    """A request that is too large; its halves may be accepted."""


class LostJobError(UserError):
    """A job, or its results, that the store no longer keeps; the same request is a new job."""


class FailedJobError(RefusalError):
    """A job that ended without results."""


class WrongFileError(UserError):
    """A file that is damaged, or not what was asked for; a new job may deliver another one."""


@contextmanager
def blaming_file() -> Iterator[None]:
    """Turn refusals into those of a delivered file.

    Raises
    ------
    WrongFileError
        For any `UserError` that is not temporary.
    """
    try:
        yield
    except TemporaryError:
        raise
    except UserError as error:
        raise WrongFileError(str(error)) from None


def refusal(response: requests.Response, dataset: str, site: str) -> UserError:
    """Return the error that says what a refusal means.

    Parameters
    ----------
    response
        Answer with an error status.
    dataset
        Name of the dataset at the store.
    site
        Address of its pages.
    """
    body = _body(response)
    title = str(body.get("title", response.reason)).lower()
    reply = _answer_text(body) or str(response.reason)
    if response.status_code in TEMPORARY:
        wait = wait_s(response.headers.get("Retry-After", ""))
        return TemporaryError(
            f"{dataset}: the store answers {response.status_code}: {reply}", wait
        )
    for status, words, error in (
        (401, "", _unauthorised),
        (403, "licence", _licence),
        (403, "policies", _policies),
        (403, "cost limits", _cost),
        (404, "results not ready", _not_ready),
        (404, "job", _lost),
        (404, "results", _lost),
        (404, "", _no_dataset),
        (400, "the job has", _failed),
    ):
        if response.status_code == status and words in title:
            return error(dataset, site, reply)
    return RefusalError(f"{dataset}: the store refuses the request: {reply}")


def _body(response: requests.Response) -> dict[str, object]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _answer_text(body: dict[str, object]) -> str:
    """Return the store's words: title, detail, and the last of a traceback."""
    parts = [str(body[key]).strip().rstrip(".") for key in ("title", "detail") if body.get(key)]
    if body.get("traceback"):
        parts.append(str(body["traceback"]).strip().rstrip(".")[-SHOWN:])
    return ": ".join(parts)[: 2 * SHOWN]


def _unauthorised(dataset: str, site: str, reply: str) -> UserError:
    return RefusalError(
        f"{dataset}: the key is missing or wrong ({reply}): copy the personal access token of "
        f"{site}/how-to-api to ~/.cdsapirc or CDSAPI_KEY; keys of other stores do not work here"
    )


def _licence(dataset: str, site: str, reply: str) -> UserError:
    return RefusalError(
        f"{dataset}: the key is right, but terms are not accepted yet. Log in and accept them, "
        f"once per dataset and account, on {site}/datasets/{dataset}?tab=download#manage-licences "
        f"({reply})"
    )


def _policies(dataset: str, site: str, reply: str) -> UserError:
    return RefusalError(
        f"{dataset}: the key is right, but terms of the store are not accepted yet. Log in to "
        f"{site} and accept them, once per account: {reply}"
    )


def _cost(dataset: str, site: str, reply: str) -> UserError:
    return CostError(f"{dataset}: the request is too large ({reply})")


def _not_ready(dataset: str, site: str, reply: str) -> UserError:
    return TemporaryError(f"{dataset}: {reply}")


def _no_dataset(dataset: str, site: str, reply: str) -> UserError:
    return RefusalError(f"{dataset}: {site} has no such dataset ({reply}): update this project")


def _lost(dataset: str, site: str, reply: str) -> UserError:
    return LostJobError(f"{dataset}: {reply}")


def _failed(dataset: str, site: str, reply: str) -> UserError:
    return FailedJobError(
        f"{dataset}: {reply}. Run the same command again for a new job; if it fails the same way, "
        f"correct years, variables or bounds"
    )
