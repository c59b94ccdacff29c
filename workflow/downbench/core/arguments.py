"""Arguments of steps that name a file each."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from downbench.core.errors import UserError


def named_paths(pairs: Sequence[str], option: str) -> Iterator[tuple[str, Path]]:
    """Split NAME=PATH arguments of an option.

    Raises
    ------
    UserError
        When an argument lacks the name, the `=` or the path.
    """
    for pair in pairs:
        name, equals, path = pair.partition("=")
        if not (name and equals and path):
            raise UserError(f"{option} {pair!r}: write it as NAME=PATH")
        yield name, Path(path)
