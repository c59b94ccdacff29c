"""Requests to the Climate Data Store: their words, their cost, and how to split them.

The cost counts fields (variables x levels x days x hours, 31 days a month), never the area.
"""

import math
from typing import Any

from downbench.core.errors import UserError

MONTHS = [f"{month:02d}" for month in range(1, 13)]
DAYS = [f"{day:02d}" for day in range(1, 32)]
COUNTED = ("variable", "pressure_level", "year", "month", "day", "time", "leadtime_hour")
SPLIT = ("year", "month", "day", "time", "variable")
"""Keys to split a request by, in this order."""

Request = dict[str, Any]
"""What the store is asked for: words, or lists of them, by key."""


def hours_of_day(step: int) -> list[str]:
    """Return the hours of a day at a step [h], as requests name them."""
    return [f"{hour:02d}:00" for hour in range(0, 24, step)]


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
