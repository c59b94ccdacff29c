"""The conda environments hold what the lock holds, and all that the steps they are for import."""

import ast
import re
import sys
from functools import cache
from pathlib import Path

import pytest
import yaml

from downbench.core import provenance

ROOT = Path(__file__).parents[3]
ENVIRONMENTS = sorted((ROOT / "envs").glob("*.yaml"))
# Not from the Python package index, or under another name there.
CONDA_ALONE = {"python", "pip", "esmpy", "xesmf"}
RENAMED = {"pytorch": "torch"}
IMPORTED_AS = {
    "pydantic_core": "pydantic",
    "yaml": "pyyaml",
    "torch": "pytorch",
    "netCDF4": "netcdf4",
    "xarray_regrid": "xarray-regrid",
}
RULE = re.compile(r"^rule \w+:$.*?(?=^rule |\Z)", re.MULTILINE | re.DOTALL)
CALLED = re.compile(r"python -m (downbench\.steps\.\w+)")


def packages(environment: Path) -> dict[str, str]:
    """Version by name, as far as the file pins it."""
    listed = yaml.safe_load(environment.read_text())["dependencies"]
    split = (re.fullmatch(r"([\w-]+)(?: =([\d.]+))?", entry) for entry in listed)
    return {found[1]: found[2] or "" for found in split}


def locked() -> dict[str, str]:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    return dict(line.lower().split("==") for line in lines)


@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=lambda path: path.stem)
def test_versions_are_those_of_the_lock(environment):
    lock = locked()
    for name, version in packages(environment).items():
        if name in CONDA_ALONE:
            continue
        wanted = lock[RENAMED.get(name, name)]
        assert version and f"{wanted}.".startswith(f"{version}."), f"{name}: the lock has {wanted}"


def steps_of(environment: Path) -> set[str]:
    """Modules of the steps whose rules name this environment."""
    texts = [file.read_text() for file in (ROOT / "workflow/rules").glob("*.smk")]
    rules = [rule for text in texts for rule in RULE.findall(text)]
    return {
        m for rule in rules if f"envs/{environment.name}" in rule for m in CALLED.findall(rule)
    }


@cache
def third_party(file: Path) -> frozenset[str]:
    """What a module imports from outside, but for what it can do without (inside of `try`)."""
    tree = ast.parse(file.read_bytes())
    tries = [node for node in ast.walk(tree) if isinstance(node, ast.Try)]
    optional = {node for outer in tries for node in ast.walk(outer)}
    found: set[str] = set()
    for node in set(ast.walk(tree)) - optional:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    tops = {name.split(".")[0] for name in found}
    return frozenset(tops - sys.stdlib_module_names - {"downbench"})


@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=lambda path: path.stem)
def test_steps_find_what_they_import(environment):
    steps = steps_of(environment)
    assert steps
    wanted = {"downbench.core.config.loading", *steps}
    if {"downbench.steps.train", "downbench.steps.verify_bundle"} & steps:
        wanted |= {
            ".".join(("downbench", *file.relative_to(provenance.PACKAGE).with_suffix("").parts))
            for file in provenance.PACKAGE.glob("labs/*/*.py")
            if file.stem != "__init__"
        }
    files = [file for file in provenance._closure(wanted) if file.suffix == ".py"]
    imported = {IMPORTED_AS.get(name, name) for file in files for name in third_party(file)}
    assert imported - packages(environment).keys() == set()
