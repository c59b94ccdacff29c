"""What stops on one series is a result that says why, so that the page shows everything else."""

import traceback
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from downbench.core.consistency.check_result import CheckResult, not_compared
from downbench.core.errors import UserError

Value = TypeVar("Value")
STATISTICS = "statistics"
COMPUTED, READ = ("incomplete", "of every value"), ("no", "whole and undamaged")
"""Value and limit of what stops."""


def attempt(
    checks: list[CheckResult],
    function: Callable[..., Value],
    *arguments: object,
    what: str = STATISTICS,
) -> Value | None:
    """Return what a function returns; None with a result among the checks where it stops.

    What is named is read; without a name statistics are computed.
    """
    try:
        return function(*arguments)
    except UserError as error:
        words = str(error)
    except Exception as error:
        traceback.print_exc()
        words = f"it stopped: {type(error).__name__}: {error}"
    checks.append(CheckResult(what, "", *(COMPUTED if what == STATISTICS else READ), words))
    return None


def results_of(
    check: Callable[..., Iterable[CheckResult]], *arguments: object, **options: object
) -> Iterator[CheckResult]:
    """Yield the results of a check; one that stops is a result that says why."""
    try:
        yield from check(*arguments, **options)
    except Exception as error:
        traceback.print_exc()
        name = check.__module__.rpartition(".")[2]
        yield not_compared(name, "", f"it stopped: {type(error).__name__}: {error}")
