"""Reads YAML files."""

from pathlib import Path
from typing import Any

import yaml

from downbench.core.errors import UserError


def read(root: Path, file: Path) -> dict[str, Any]:
    """Return the keys and values of the YAML file `file` under the project's `root`.

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
    """Return `below` with the keys of `above` over it, section by section."""
    sections = dict(below)
    for key, value in above.items():
        nested = isinstance(value, dict) and isinstance(sections.get(key), dict)
        sections[key] = merged(sections[key], value) if nested else value
    return sections
