"""Turn any failure while reading an untrusted file into one clear `UserError`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from downbench.core.errors import UserError

LONGEST_MESSAGE = 2000


@contextmanager
def refusing(path: Path, what: str) -> Iterator[None]:
    """Turn any error while `path` is read into a `UserError` that names it.

    Parameters
    ----------
    path
        File or folder that is being read.
    what
        What is wrong with it: "not usable golden outputs".
    """
    try:
        yield
    except UserError as error:
        message = str(error) if str(path) in str(error) else f"{path}: {what}: {error}"
        raise UserError(readable(message)) from error
    except (ImportError, NameError):
        raise  # faults of the program, which no content of a file causes
    except Exception as error:
        raise UserError(
            readable(f"{path}: {what} ({type(error).__name__}: {error})")
            + ": copy the bundle again, or have it written again by this version"
        ) from error


def readable(message: str) -> str:
    """Return a message of bounded length without characters that would steer a terminal."""
    shown = "".join(c if c.isprintable() or c == "\n" else "?" for c in message[:LONGEST_MESSAGE])
    return shown + "…" * (len(message) > LONGEST_MESSAGE)
