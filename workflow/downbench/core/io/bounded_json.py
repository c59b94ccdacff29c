"""Limits of JSON that came from elsewhere: depth, length of numbers, keys given twice."""

import json
import math
import re
from typing import Any, NoReturn

from downbench.core.errors import UserError

DEEPEST = 32
LONGEST_NUMBER = 32
"""Characters; a double has up to 25."""

ESCAPE = re.compile(r"\\.", re.DOTALL)
STRING = re.compile(r'"[^"]*"?')
# One expression for both would start again at each quote of a string that does not end.
NUMBER = re.compile(rf"[-+.0-9eE]{{{LONGEST_NUMBER + 1}}}")


def check(content: bytes, label: str) -> Any:
    """Return the parsed content of a file whose size is bounded.

    Parameters
    ----------
    label
        File that messages start with.

    Raises
    ------
    UserError
        When the content is no JSON in UTF-8, nests deeper than 32 levels, has a number of more
        than 32 characters, a value that is not finite, or a key twice.
    """
    try:
        text = content.decode()
        _refuse_bombs(STRING.sub('""', ESCAPE.sub("", text)))
        return json.loads(
            text, object_pairs_hook=_once, parse_constant=_not_finite, parse_float=_finite
        )
    except ValueError as error:
        raise UserError(f"{label}: not usable JSON: {error}: copy the bundle again") from None


def _refuse_bombs(outside_strings: str) -> None:
    depth = 0
    for bracket in re.findall(r"[][{}]", outside_strings):
        depth += 1 if bracket in "[{" else -1
        if depth > DEEPEST:
            raise ValueError(f"nested deeper than {DEEPEST} levels")
    number = NUMBER.search(outside_strings)
    if number:
        raise ValueError(f"a number of more than {LONGEST_NUMBER} characters: {number[0]}…")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in pairs:
        if key in values:
            raise ValueError(f"key {ascii(key[:80])} is there twice")
        values[key] = value
    return values


def _finite(digits: str) -> float:
    value = float(digits)
    return value if math.isfinite(value) else _not_finite(digits)


def _not_finite(name: str) -> NoReturn:
    raise ValueError(f"{name} is not finite")
