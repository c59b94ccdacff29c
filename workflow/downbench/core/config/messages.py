"""Turns what pydantic found into one message that names file, key, value and fix."""

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from downbench.core.config.section import nested
from downbench.core.errors import UserError

S = TypeVar("S", bound=BaseModel)


def checked(cls: type[S], data: Any, file: Path, at: str = "", beside: Sequence[str] = ()) -> S:
    """Validate `data` as `cls`.

    Raises
    ------
    UserError
        One line per breach: file, key, value and what to do. `at` is the key of `data` in `file`,
        `beside` are keys of other sections that stand on the same level in the YAML.
    """
    try:
        return cls.model_validate(data)
    except ValidationError as error:
        raise UserError(
            "\n".join(_line(cls, e, file, at, beside) for e in error.errors())
        ) from None


def unknown(what: str, name: str, known: Sequence[str]) -> str:
    """The sentence for a name that does not exist, with the nearest one that does."""
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean '{near[0]}'? " if near else ""
    return f"{what} '{name}' does not exist; {hint}choose one of {', '.join(known) or '(none)'}"


def _line(cls: type[BaseModel], error: Any, file: Path, at: str, beside: Sequence[str]) -> str:
    key = ".".join([*([at] if at else []), *map(str, error["loc"])]) or "(whole file)"
    if error["type"] == "extra_forbidden":
        return f"{file}: {key} = {error['input']!r}: {_fix_extra(cls, error['loc'], beside)}"
    if error["type"] == "missing":
        return f"{file}: {key} is missing: add it ({_description(cls, error['loc'])})"
    said = error["msg"].removeprefix("Value error, ")
    value = "" if isinstance(error["input"], dict) else f" = {error['input']!r}"
    return f"{file}: {key}{value}: {said[0].lower()}{said[1:]}"


def _fix_extra(cls: type[BaseModel], loc: Sequence[Any], beside: Sequence[str]) -> str:
    known = sorted([*_section(cls, loc[:-1]).model_fields, *beside])
    if not known:
        return "this section takes no such key: remove it"
    near = difflib.get_close_matches(str(loc[-1]), known, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"remove it; known are {', '.join(known)}"
    return f"no such key: {hint}"


def _description(cls: type[BaseModel], loc: Sequence[Any]) -> str:
    field = _section(cls, loc[:-1]).model_fields.get(str(loc[-1]))
    return field.description if field and field.description else "see config/README.md"


def _section(cls: type[BaseModel], loc: Sequence[Any]) -> type[BaseModel]:
    """The section that a breach lies in, followed through the annotations of its keys."""
    for part in loc:
        field = cls.model_fields.get(str(part))
        cls = (nested(field.annotation) or [cls])[0] if field else cls
    return cls
