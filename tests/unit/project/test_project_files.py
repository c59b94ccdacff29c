"""Files that a forge, a citation manager or a container builder reads agree with the project."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FORMS = sorted(ROOT.glob(".github/ISSUE_TEMPLATE/*.yml"))
KINDS = {"markdown", "textarea", "input", "dropdown", "checkboxes"}
COPIED = re.compile(r"^(?:COPY --chown=\d+ (.+) \S+|    (\S+) /opt/\S+)$", re.M)


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_forms_for_issues_are_complete(form: Path) -> None:
    content = yaml.safe_load(form.read_text(encoding="utf-8"))
    assert content["name"] and content["description"]
    assert {part["type"] for part in content["body"]} <= KINDS
    names = [part["id"] for part in content["body"]]
    assert len(names) == len(set(names))
    assert all(part["attributes"]["label"] for part in content["body"])


def test_the_citation_is_of_this_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == PROJECT["version"]
    assert citation["license"] == PROJECT["license"]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert citation["title"] in readme and f"version = {{{citation['version']}}}" in readme


@pytest.mark.parametrize("recipe", ["Dockerfile", "apptainer.def"])
def test_containers_hold_what_a_run_reads(recipe: str) -> None:
    text = (ROOT / "containers" / recipe).read_text(encoding="utf-8")
    copied = {name.strip("/") for line in COPIED.findall(text) for name in "".join(line).split()}
    assert all((ROOT / name).exists() for name in copied)
    required = {"Snakefile", "Makefile", "pyproject.toml", "requirements.lock", PROJECT["readme"]}
    assert required | {"config", "docs", "profiles", "workflow"} <= copied
    assert re.search(r"python:3\.\d+\.\d+-slim", text), "pin the base image"
