"""What a step depends on: the code it imports and the settings it is given."""

import hashlib
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pydantic import BaseModel
from pydantic.main import IncEx

from downbench.core.source_summaries import SourceSummaries, SourceSummary

PACKAGE = Path(__file__).resolve().parents[1]
NAME = PACKAGE.name
CONFIGURATION = Path("core/config")
TEMPLATES = (".css", ".html", ".j2", ".js")


def canonical(section: BaseModel, exclude: IncEx | None = None) -> str:
    """A section as one line of JSON with sorted keys: Snakemake tracks strings, not objects.

    `exclude` names keys that change no result, such as labels, in pydantic's way.
    """
    content = section.model_dump(mode="json", exclude=exclude)
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


@cache
def code_version(*modules: str, wording: bool = False) -> str:
    """Fingerprint of modules of this package, of all they import from it, and of their templates.

    Nothing is imported. Comments, docstrings, help texts, formatting and modules that are not
    reached do not count. Of the configuration only functions, properties and constants count: the
    value of an option reaches a step by its params, so a new option re-runs nothing.

    Parameters
    ----------
    modules
        Names of modules of this package.
    wording
        Does the wording of metrics count (their `meaning`, …)? It does for steps that print it.

    Raises
    ------
    ModuleNotFoundError
        When one of `modules` is not a module of the package.
    """
    digest = hashlib.sha256()
    for path in _closure(modules):
        if content := _content(path, wording):
            digest.update(str(path.relative_to(PACKAGE)).encode())
            digest.update(content.encode())
    _summaries(PACKAGE).keep()
    return digest.hexdigest()[:12]


def _closure(modules: Iterable[str]) -> list[Path]:
    """Source files of `modules` and, step by step, of everything they import in the package."""
    todo = list(modules)
    missing = [module for module in todo if _file(module) is None]
    if missing:
        raise ModuleNotFoundError(f"no such module: {', '.join(missing)}")
    files: dict[str, Path] = {}
    while todo:
        module = todo.pop()
        path = _file(module)
        if path is not None and module not in files:
            files[module] = path
            todo += _imports(path)

    folders = {path.parent for path in files.values()}
    return sorted({*files.values()}.union(*map(_templates, folders)))


@cache
def _templates(folder: Path) -> frozenset[Path]:
    return frozenset(path for path in folder.glob("*.*") if path.suffix in TEMPLATES)


@cache
def _content(path: Path, wording: bool) -> str:
    """What counts of a file; nothing of a configuration module that only declares options."""
    if path.suffix in TEMPLATES:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    summary = _summary(path)
    return summary.code_and_wording if wording else summary.code


@cache
def _summaries(package: Path) -> SourceSummaries:
    return SourceSummaries(package)


def _summary(path: Path) -> SourceSummary:
    return _summaries(PACKAGE).of(path, PACKAGE / CONFIGURATION in path.parents)


@cache
def _file(module: str) -> Path | None:
    stem = PACKAGE.joinpath(*module.split(".")[1:])
    for candidate in (stem.with_suffix(".py"), stem / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None


@cache
def _imports(path: Path) -> frozenset[str]:
    """Modules of the package that a file imports."""
    summary = _summary(path)
    modules = {*summary.modules, *summary.names}.union(*map(_members, summary.names))
    return frozenset(module for module in modules if module.split(".")[0] == NAME)


@cache
def _members(package: str) -> frozenset[str]:
    """Modules of a package that is imported as a whole: it is listed to find what it holds."""
    folder = PACKAGE.joinpath(*package.split(".")[1:])
    if not package.startswith(f"{NAME}.") or not (folder / "__init__.py").is_file():
        return frozenset()
    return frozenset(f"{package}.{path.stem}" for path in folder.glob("*.py"))
