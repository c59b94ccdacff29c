"""What a step depends on: the code it imports and the settings it is given."""

import ast
import hashlib
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pydantic import BaseModel
from pydantic.main import IncEx

PACKAGE = Path(__file__).resolve().parents[1]
NAME = PACKAGE.name
EXPLANATIONS = ("description", "help")
WORDING = ("definition", "heading", "meaning")
"""Keyword arguments by which metrics describe themselves: pages show them, tables do not."""
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
            digest.update(content)
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

    templates = {
        t for path in files.values() for t in path.parent.glob("*.*") if t.suffix in TEMPLATES
    }
    return sorted({*files.values(), *templates})


@cache
def _content(path: Path, wording: bool) -> bytes:
    """What counts of a file; nothing of a configuration module that only declares options."""
    if path.suffix in TEMPLATES:
        return path.read_bytes()
    tree = _tree(path, wording)
    if PACKAGE / CONFIGURATION in path.parents:
        tree = ast.Module([node for node in map(_behaviour, tree.body) if node], [])
    return ast.unparse(tree).encode()


def _behaviour(node: ast.stmt) -> ast.stmt | None:
    """A statement of a configuration module without its options, or None if nothing is left."""
    if isinstance(node, ast.ClassDef):
        methods = [part for part in node.body if isinstance(part, ast.FunctionDef)]
        return ast.ClassDef(node.name, node.bases, [], methods, []) if methods else None
    if isinstance(node, ast.FunctionDef) or _is_constant(node):
        return node
    return None


def _is_constant(node: ast.stmt) -> bool:
    """Whether a statement names plain values; types and registries are options."""
    if not isinstance(node, ast.Assign):
        return False
    try:
        ast.literal_eval(node.value)
    except ValueError:
        return False
    return True


@cache
def _file(module: str) -> Path | None:
    stem = PACKAGE.joinpath(*module.split(".")[1:])
    for candidate in (stem.with_suffix(".py"), stem / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None


@cache
def _tree(path: Path, wording: bool = False) -> ast.Module:
    """Syntax of a file without docstrings and explanations; comments are not part of it."""
    ignored = EXPLANATIONS if wording else EXPLANATIONS + WORDING
    tree = ast.parse(path.read_bytes())
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            if ast.get_docstring(node, clean=False) is not None:
                node.body = node.body[1:] or [ast.Pass()]

        elif isinstance(node, ast.Call):
            node.keywords = [k for k in node.keywords if k.arg not in ignored]

    return tree


@cache
def _imports(path: Path) -> frozenset[str]:
    """Modules of the package that a file imports (absolutely: the linter bans the other form)."""
    modules: set[str] = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            modules |= {node.module, *names}
            for name in names:
                modules |= _members(name)

    return frozenset(module for module in modules if module.split(".")[0] == NAME)


def _members(package: str) -> set[str]:
    """Modules of a package that is imported as a whole: it is listed to find what it holds."""
    folder = PACKAGE.joinpath(*package.split(".")[1:])
    if not package.startswith(f"{NAME}.") or not (folder / "__init__.py").is_file():
        return set()
    return {f"{package}.{path.stem}" for path in folder.glob("*.py")}
