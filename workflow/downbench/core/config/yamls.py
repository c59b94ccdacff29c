"""Reads YAML files as the user wrote them."""

from pathlib import Path
from typing import Any

import yaml

from downbench.core.errors import UserError


def read(root: Path, file: Path) -> dict[str, Any]:
    """The mapping in the YAML file `file` under the project's `root`.

    Raises
    ------
    UserError
        When the file is missing, is not YAML, or holds something other than keys and values.
    """
    try:
        content = yaml.safe_load((root / file).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(f"{file}: the file is missing: add it, or fix the name") from None
    except yaml.YAMLError as error:
        raise UserError(f"{file}: this is not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(content, dict):
        raise UserError(f"{file}: expected `key: value` lines but found {content!r}")
    return content


def merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """`below` with the keys of `above` laid over it, section by section."""
    both = dict(below)
    for key, value in above.items():
        nested = isinstance(value, dict) and isinstance(both.get(key), dict)
        both[key] = merged(both[key], value) if nested else value
    return both
