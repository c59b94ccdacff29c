"""Editors check the YAML files of the project with the schemas that these name."""

import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from downbench.core.config.editor_schemas import schemas

CONFIG = Path(__file__).parents[3] / "config"
FILES = sorted(CONFIG.glob("**/*.yaml"))
SCHEMAS = schemas()
NAMED = re.compile(r"# yaml-language-server: \$schema=(\S+)\n")


def checker(name: str) -> Draft202012Validator:
    return Draft202012Validator(SCHEMAS[name])


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_a_file_names_its_schema_and_follows_it(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    named = NAMED.match(text)
    assert named, f"{file}: name a schema in the first line"
    path = (file.parent / named[1]).resolve()
    assert path.is_file() and path.parent == CONFIG / "schemas"
    mistakes = [e.message for e in checker(path.name).iter_errors(yaml.safe_load(text))]
    assert not mistakes


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("models.json", {"mine": {"family": "unet", "dropuot": 0.1}}),
        ("models.json", {"mine": {"dropout": "much"}}),
        ("experiments.json", {"exp9": {"title": "No models"}}),
        ("region.json", {"name": "valley"}),
    ],
)
def test_a_mistake_is_marked(name: str, entry: dict) -> None:
    assert not checker(name).is_valid(entry)
