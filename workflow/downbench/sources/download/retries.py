"""Repeats what failed for a while: few times, after bounded pauses, as the server asks."""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from downbench.sources.download.errors import TemporaryError

PAUSES = (5.0, 20.0, 60.0, 120.0)
"""Pauses before the second try and the further ones [s]; afterwards the rule fails."""

LONGEST_WAIT_S = 900.0
"""A server that asks for more ends the rule: the same command goes on later."""

Result = TypeVar("Result")


def retried(attempt: Callable[[], Result], pauses: Sequence[float], label: str) -> Result:
    """Return the result of the first attempt that does not raise a `TemporaryError`.

    Parameters
    ----------
    attempt
        Called once, and once more after each pause.
    pauses
        The least waits [s]; a longer one that the server asks for is kept.
    label
        What is attempted, for the log.

    Raises
    ------
    TemporaryError
        That of the last attempt.
    """
    for pause in pauses:
        try:
            return attempt()
        except TemporaryError as error:
            wait = max(pause, error.wait_s)
            if wait > LONGEST_WAIT_S:
                raise
            message = str(error) if label in str(error) else f"{label}: {error}"
            print(f"{message}; next try in {wait:g} s", flush=True)
            time.sleep(wait)
    return attempt()
