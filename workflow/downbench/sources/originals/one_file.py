"""Forms whose variable is in one public file."""

from collections.abc import Sequence
from pathlib import Path

from downbench.core.errors import UserError


def only(paths: Sequence[Path]) -> Path:
    """Return the only path.

    Raises
    ------
    UserError
        When there are several, of which the others would be lost.
    """
    if len(paths) > 1:
        names = ", ".join(path.name for path in paths)
        raise UserError(f"{names}: this form reads one file for a variable: keep one row of it")
    return paths[0]
