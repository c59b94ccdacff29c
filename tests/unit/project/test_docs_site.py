"""The site of the documentation has every page, without being built."""

import ast
import re
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
SITE = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
OBJECT = re.compile(r"^::: (downbench[\w.]+)\.(\w+)$", re.M)


def pages(entries: list) -> list[str]:
    """Return the pages of a navigation, depth first."""
    nested = (list(entry.values())[0] if isinstance(entry, dict) else entry for entry in entries)
    return [p for value in nested for p in ([value] if isinstance(value, str) else pages(value))]


def test_the_navigation_has_every_page_once() -> None:
    written = sorted(str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md"))
    assert sorted(pages(SITE["nav"])) == written


def test_hooks_and_lock_of_the_site_exist() -> None:
    assert all((ROOT / hook).is_file() for hook in SITE["hooks"])
    locked = (ROOT / "requirements-docs.lock").read_text(encoding="utf-8").split()
    assert {"mkdocs-material", "mkdocstrings-python"} <= {line.split("==")[0] for line in locked}
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in locked)


def test_objects_of_the_api_have_docstrings() -> None:
    objects = [pair for page in DOCS.glob("api/*.md") for pair in OBJECT.findall(page.read_text())]
    assert objects
    for module, name in objects:
        path = (ROOT / "workflow").joinpath(*module.split(".")).with_suffix(".py")
        nodes = ast.parse(path.read_bytes()).body
        named = {node.name: node for node in nodes if hasattr(node, "name")}
        assert name in named, f"{module} has no {name}"
        assert ast.get_docstring(named[name]), f"{module}.{name} has no docstring"


def test_the_readme_is_short_and_names_the_versions_of_the_package() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    snakemake = next(name for name in project["dependencies"] if name.startswith("snakemake>="))
    assert len(readme.splitlines()) < 120
    assert all(path.stat().st_size < 300_000 for path in DOCS.glob("images/*"))
    assert f"Python {project['requires-python'].removeprefix('>=')} or newer" in readme
    assert f"Snakemake {snakemake.removeprefix('snakemake>=')} or newer" in readme
