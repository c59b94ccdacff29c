"""All files of a request, which is split until the store accepts its cost.

The cost counts fields (variables x levels x days x hours, 31 days a month), never the area.
"""

import math
from collections.abc import Iterator
from pathlib import Path

from downbench.core.errors import UserError
from downbench.sources.download.copernicus.jobs import Job, Patience
from downbench.sources.download.copernicus.refusals import CostError
from downbench.sources.download.copernicus.service import Request, Service
from downbench.sources.download.progress import Progress

COUNTED = ("variable", "pressure_level", "year", "month", "day", "time", "leadtime_hour")
SPLIT = ("year", "month", "day", "time", "variable")
"""Keys to split a request by, in this order."""
MOST_FIELDS = 5900
"""A user measured that 5952 fields pass and 8928 do not (2026)."""


def fields(request: Request) -> int:
    """Return the number of fields that a request costs."""
    lists = (request.get(key) for key in COUNTED)
    return math.prod(len(values) for values in lists if isinstance(values, list))


def halves(request: Request) -> tuple[Request, Request]:
    """Return two requests that together are the request.

    Raises
    ------
    UserError
        When it is a single field.
    """
    for key in SPLIT:
        values = request.get(key)
        if isinstance(values, list) and len(values) > 1:
            middle = math.ceil(len(values) / 2)
            return {**request, key: values[:middle]}, {**request, key: values[middle:]}
    raise UserError("the store calls a request of one field too large: try again later")


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
