"""All files of a request, which is split until the store accepts its cost."""

from collections.abc import Iterator
from pathlib import Path

from downbench.sources.download.copernicus.jobs import Job, Patience
from downbench.sources.download.copernicus.refusals import CostError
from downbench.sources.download.copernicus.requests import Request, fields, halves
from downbench.sources.download.copernicus.service import Service
from downbench.sources.download.progress import Progress

MOST_FIELDS = 5900
"""A user measured that 5952 fields pass and 8928 do not (2026)."""


def retrieve(
    service: Service, request: Request, folder: Path, patience: Patience, line: Progress
) -> Iterator[Path]:
    """Yield the files of a request, one job after the other; see `Job.fetch` for errors."""
    job = Job(service, request, folder)
    if job.exists or _is_affordable(service, request):
        try:
            yield job.fetch(patience, line)
            return
        except CostError:
            line.state("too large for the store, asked in two halves")
    for half in halves(request):
        yield from retrieve(service, half, folder, patience, line)


def _is_affordable(service: Service, request: Request) -> bool:
    if fields(request) > MOST_FIELDS:
        return False
    cost, limit = service.cost(request)
    return cost <= limit
