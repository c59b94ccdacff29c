"""Turn any failure while reading an untrusted file into one clear `UserError`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from safetensors import SafetensorError

from downbench.core.errors import UserError

BROKEN = (
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SafetensorError,
    TypeError,
    ValueError,
)


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
        if str(path) in str(error):
            raise
        raise UserError(f"{path}: {what}: {error}") from error
    except BROKEN as error:
        raise UserError(
            f"{path}: {what} ({type(error).__name__}: {error}): copy the bundle again, or "
            "have it written again by this version"
        ) from error
