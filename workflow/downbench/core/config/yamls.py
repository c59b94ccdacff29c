"""Reads YAML files."""

from pathlib import Path
from typing import Any

import yaml

from downbench.core.errors import UserError

MOST_VALUES = 100_000
"""Values of a file, those of an alias counted wherever it stands."""


def read(root: Path, file: Path) -> dict[str, Any]:
    """Return the keys and values of the YAML file `file` under the project's `root`.

    Raises
    ------
    UserError
        When the file is missing, is not YAML, holds something other than keys and values, gives a
        key twice, or grows beyond all measure by its aliases.
    """
    try:
        loader = yaml.SafeLoader((root / file).read_text(encoding="utf-8"))
        document = loader.get_single_node()
        if document is not None:
            _size(document, file, sizes={})
        content = loader.construct_document(document) if document else None
    except FileNotFoundError:
        raise UserError(f"{file}: the file is missing: add it, or fix the name") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise UserError(f"{file}: this is not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(content, dict):
        raise UserError(f"{file}: expected `key: value` lines but found {content!r}")
    return content


def _size(node: yaml.Node, file: Path, sizes: dict[int, int]) -> int:
    """Return the number of values in a node; refuse one that is too large or repeats a key.

    `sizes` holds the nodes that are known already, by identity: an alias is the node it names.
    """
    if id(node) not in sizes:
        sizes[id(node)] = MOST_VALUES  # where a part of it is an alias of itself
        _check_keys(node, file)
        size = 1 + sum(_size(part, file, sizes) for part in _parts(node))
        if size > MOST_VALUES:
            raise UserError(
                f"{file}: line {node.start_mark.line + 1}: aliases (`*name`) make more than "
                f"{MOST_VALUES} values of this: write out what is meant"
            )
        sizes[id(node)] = size
    return sizes[id(node)]


def _parts(node: yaml.Node) -> list[yaml.Node]:
    """Return the nodes of which a list or a section consists; none for a single value."""
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return node.value if isinstance(node, yaml.SequenceNode) else []


def _check_keys(node: yaml.Node, file: Path) -> None:
    """Refuse a section with the same key twice, of which the last alone would count."""
    keys = [key for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []
    names = [key.value for key in keys]
    for index, key in enumerate(keys):
        if names[index] in names[:index]:
            raise UserError(
                f"{file}: line {key.start_mark.line + 1}: {key.value!r} stands twice in its "
                "section, and only the last one would count: remove one"
            )


def merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Return `below` with the keys of `above` over it, section by section."""
    sections = dict(below)
    for key, value in above.items():
        nested = isinstance(value, dict) and isinstance(sections.get(key), dict)
        sections[key] = merged(sections[key], value) if nested else value
    return sections
