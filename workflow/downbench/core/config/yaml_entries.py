"""Adds an entry to the text of a YAML file, so that its comments and order stay."""

import re
from pathlib import Path
from typing import Any

import yaml

from downbench.core.errors import UserError


def entry_text(name: str, entry: dict[str, Any]) -> str:
    """Return an entry as YAML: one key a line, lists in brackets."""
    return "\n".join([f"{_value(name)}:", *(f"  {k}: {_value(v)}" for k, v in entry.items()), ""])


def _value(value: Any) -> str:
    return yaml.safe_dump(value, default_flow_style=True, width=10_000).partition("\n")[0]


def with_entry(text: str, name: str, entry: dict[str, Any], file: Path) -> str:
    """Return the text of a file with one more entry at its end.

    Raises
    ------
    UserError
        When it has an entry of this name.
    """
    if name in (yaml.safe_load(text) or {}):
        raise UserError(
            f"{file}: {name} is there already: choose another --name, or edit it there"
        )
    return f"{text.rstrip()}\n\n{entry_text(name, entry)}"


def with_model(text: str, experiment: str, name: str, file: Path) -> str:
    """Return the text of `experiments.yaml` with one more model at the end of a list.

    Raises
    ------
    UserError
        When there is no such experiment, its list is not written with one `- MODEL` a line, or
        the model is in it.
    """
    block = re.search(rf"^{re.escape(experiment)}:\n(?:[ #].*\n|\n)*", text, re.MULTILINE)
    items = r"(?:    (?:- |#).*\n)+|(?:  - .*\n)+"
    models = block and re.search(rf"^  models:\n({items})", block[0], re.MULTILINE)
    if not models:
        raise UserError(
            f"{file}: no list `models:` of {experiment} with one `- MODEL` a line: add `- {name}` "
            "there by hand"
        )
    if name in yaml.safe_load(models[0])["models"]:
        raise UserError(f"{file}: {experiment} lists {name} already: choose another --name")
    end = block.start() + models.end()
    indent = "    " if models[1].startswith("    ") else "  "
    return f"{text[:end]}{indent}- {_value(name)}\n{text[end:]}"
