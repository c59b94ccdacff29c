"""Turns pydantic's findings into one message that names file, key, value and fix."""

import difflib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_origin

from pydantic import BaseModel, ValidationError

from downbench.core.config.renamed_keys import renamed_key, renamed_value
from downbench.core.config.section import DERIVED, kind_of, nested
from downbench.core.errors import UserError

S = TypeVar("S", bound=BaseModel)
T = TypeVar("T")
LONGEST_VALUE = 300
NUMBER_AS_WORD = (
    "YAML reads a word of digits as a number (and drops a `_` between them): put it in quotes; on "
    "the command line add a letter, or a slash to a folder, such as results_dir=2024_01/"
)


class Mistakes:
    """Mistakes in several parts of the configuration, which end up in one message."""

    def __init__(self) -> None:
        self._messages: list[str] = []

    def __bool__(self) -> bool:
        return bool(self._messages)

    def __str__(self) -> str:
        return "\n".join(dict.fromkeys(self._messages))

    def of(self, check: Callable[..., T], *arguments: Any) -> T | None:
        """Return what a function returns, or None where it raises a UserError, which is kept."""
        try:
            return check(*arguments)
        except UserError as error:
            self._messages.append(str(error))
            return None

    def report(self) -> None:
        """Raise all of them as one UserError, if there are any."""
        if self:
            raise UserError(str(self))


def checked(
    cls: type[S], data: Any, file: Path, parent: str = "", siblings: Sequence[str] = ()
) -> S:
    """Validate `data` as `cls`.

    Parameters
    ----------
    cls
        Section to build.
    data
        Content of the YAML.
    file
        File that the messages name.
    parent
        Key of `data` in that file; empty for the whole file.
    siblings
        Keys of other sections that share this level of the YAML.

    Raises
    ------
    UserError
        One line per breach: file, key, value and what to do.
    """
    try:
        return cls.model_validate(data)
    except ValidationError as error:
        lines = [_line(cls, details, file, parent, siblings) for details in error.errors()]
        raise UserError("\n".join(lines)) from None


def unknown(what: str, name: str, names: Sequence[str]) -> str:
    """Return the sentence for a name that does not exist, with the nearest one that does."""
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean '{near[0]}'? " if near else ""
    return f"{what} '{name}' does not exist; {hint}choose one of {', '.join(names) or '(none)'}"


def _line(
    cls: type[BaseModel], error: Any, file: Path, parent: str, siblings: Sequence[str]
) -> str:
    keys, section = _followed(cls, error["loc"])
    key = ".".join([*([parent] if parent else []), *map(str, keys)]) or "(whole file)"
    if error["type"] == "extra_forbidden":
        fix = _fix_extra(section, str(keys[-1]), siblings)
        return f"{file}: {key} = {_shown(error['input'])}: {fix}"
    if error["type"] == "missing":
        return f"{file}: {key} is missing: add it ({_description(section, str(keys[-1]))})"
    if error["type"] == "union_tag_not_found":
        what, meaning = _discriminator(error)
        return f"{file}: {key}.{what} is missing: add it ({meaning})"
    if error["type"] == "union_tag_invalid":
        kinds = error["ctx"]["expected_tags"].replace("'", "").split(", ")
        kinds = [kind for kind in kinds if kind != DERIVED]
        what, meaning = _discriminator(error)
        return f"{file}: {key}.{what}: {unknown(meaning, error['ctx']['tag'], kinds)}"
    reason = renamed_value(error["input"]) or error["msg"].removeprefix("Value error, ")
    if error["type"] == "string_type" and isinstance(error["input"], int | float):
        reason = NUMBER_AS_WORD
    value = "" if isinstance(error["input"], dict) else f" = {_shown(error['input'])}"
    return f"{file}: {key}{value}: {reason[0].lower()}{reason[1:]}"


def _discriminator(error: Any) -> tuple[str, str]:
    """Return the key that decides which section is meant, and what it is."""
    if error["ctx"]["discriminator"] == "'provider'":
        return "provider", "the provider"
    return "source", "the kind of source"


def _shown(value: object) -> str:
    """Return a value as it is shown in a message: the beginning of a long one."""
    text = repr(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]} …"


def _fix_extra(section: type[BaseModel], key: str, siblings: Sequence[str]) -> str:
    names = sorted([*section.model_fields, *siblings])
    if not names:
        return "this section takes no such key: remove it"
    if renamed_key(key):
        return renamed_key(key)
    near = difflib.get_close_matches(key, names, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"remove it; the keys are {', '.join(names)}"
    return f"no such key: {hint}"


def _description(section: type[BaseModel], key: str) -> str:
    field = section.model_fields.get(key)
    return field.description if field and field.description else "see config/README.md"


def _followed(cls: type[BaseModel], loc: Sequence[Any]) -> tuple[list[Any], type[BaseModel]]:
    """Return the keys of a breach as the user wrote them, and the section that it lies in.

    Pydantic adds the kind of a section to the keys where several kinds are possible, and `[key]`
    if the name itself is wrong.
    """
    keys: list[Any] = []
    section, kinds, is_name = cls, [cls], False
    for part in loc:
        if part == "[key]":
            continue
        matches = [] if is_name else [kind for kind in kinds if part == kind_of(kind)]
        if len(kinds) > 1 and matches:
            section, kinds = matches[0], matches[:1]
            continue
        keys.append(part)
        if is_name:
            is_name = False
            continue
        field = section.model_fields.get(str(part))
        if field and part != loc[-1]:
            kinds = nested(field.annotation) or [section]
            section = kinds[0]
            is_name = get_origin(field.annotation) in (dict, tuple, list)
    return keys, section
