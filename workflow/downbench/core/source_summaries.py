"""What counts of a source file: the code without explanations, and what it imports.

Summaries are kept in one file beside the bytecode of the package, because parsing every module
takes longer than all else that a dry run does. A summary holds while its file has the same bytes.
"""

import ast
import hashlib
import json
import os
import sys
from contextlib import suppress
from dataclasses import astuple, dataclass
from pathlib import Path

EXPLANATIONS = ("description", "help")
WORDING = ("definition", "heading", "meaning")
"""Keyword arguments by which metrics describe themselves: pages show them, tables do not."""
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
KEPT = Path("__pycache__/source_summaries.json")


@dataclass(frozen=True)
class SourceSummary:
    """What counts of one file.

    modules : that it imports, or imports from (absolutely: the linter bans the other form)
    names : that it imports from modules, `MODULE.NAME`; some are modules themselves
    code, code_and_wording : digest of its code without and with the wording of metrics; empty for
        a configuration module that only declares options
    """

    modules: tuple[str, ...]
    names: tuple[str, ...]
    code: str
    code_and_wording: str


class SourceSummaries:
    """Summaries of the files of a package, read from and written to `KEPT`."""

    def __init__(self, package: Path) -> None:
        self._package = package
        self._version = _digest(Path(__file__).read_bytes() + sys.version.encode())
        self._entries: dict[str, list] = {}
        self._is_changed = False
        with suppress(OSError, ValueError, KeyError, TypeError):  # none yet, or of another version
            content = json.loads((package / KEPT).read_text())
            if content["version"] == self._version:
                self._entries = dict(content["summaries"])

    def of(self, path: Path, is_configuration: bool) -> SourceSummary:
        """Return the summary of a file; of a configuration module without its options."""
        name, source = path.relative_to(self._package).as_posix(), path.read_bytes()
        digest = _digest(source)
        kept = self._entries.get(name)
        if kept is None or kept[0] != digest:
            kept = [digest, *astuple(summary(source, is_configuration))]
            self._entries[name], self._is_changed = kept, True
        return SourceSummary(*kept[1:])

    def keep(self) -> None:
        """Write new summaries; a package that cannot be written to does without."""
        if not self._is_changed:
            return
        path = self._package / KEPT
        partial = path.with_name(f"{path.name}.{os.getpid()}")
        with suppress(OSError):
            path.parent.mkdir(exist_ok=True)
            content = {"version": self._version, "summaries": self._entries}
            partial.write_text(json.dumps(content))
            partial.replace(path)
            self._is_changed = False


def summary(source: bytes, is_configuration: bool) -> SourceSummary:
    """Parse a file and return what counts of it."""
    tree = _without_docstrings(ast.parse(source))
    modules, names = _imports(tree)
    with_wording = _code(_without_keywords(tree, EXPLANATIONS), is_configuration)
    code = _code(_without_keywords(tree, WORDING), is_configuration)

    return SourceSummary(modules, names, code, with_wording)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        documented = isinstance(node, DOCUMENTED)
        if documented and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return tree


def _without_keywords(tree: ast.Module, ignored: tuple[str, ...]) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            node.keywords = [k for k in node.keywords if k.arg not in ignored]
    return tree


def _code(tree: ast.Module, is_configuration: bool) -> str:
    if is_configuration:
        tree = ast.Module([node for node in map(_behaviour, tree.body) if node], [])
    text = ast.unparse(tree)
    return _digest(text.encode()) if text else ""


def _behaviour(node: ast.stmt) -> ast.stmt | None:
    """Return a statement of a configuration module without its options, or None."""
    if isinstance(node, ast.ClassDef):
        methods = [part for part in node.body if isinstance(part, ast.FunctionDef)]
        return ast.ClassDef(node.name, node.bases, [], methods, []) if methods else None
    if isinstance(node, ast.FunctionDef) or _is_constant(node):
        return node
    return None


def _is_constant(node: ast.stmt) -> bool:
    """Return whether a statement names plain values; types and registries are options."""
    if not isinstance(node, ast.Assign):
        return False
    try:
        ast.literal_eval(node.value)
    except ValueError:
        return False
    return True


def _imports(tree: ast.Module) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the modules that are imported or imported from, and the names from modules."""
    modules, names = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}

    return tuple(sorted(modules)), tuple(sorted(names))
