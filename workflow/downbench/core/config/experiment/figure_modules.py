"""The figures that an experiment can list, and what each needs of a region.

A module of `plots/figures` with a function `draw` is a figure, named like its file with hyphens for
underscores. A module that draws several figures lists them in a constant `FIGURES`, parameters of
`draw` by name. `NEEDS` holds words of `Region.offers`, or such words by figure name. The modules
are parsed, not imported: what the Snakefile reads stays light.
"""

import ast
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[3] / "plots" / "figures"
CONSTANTS = ("FIGURES", "NEEDS")


@cache
def modules() -> dict[str, str]:
    """Return the module name of each figure, by the figure's name."""
    figures: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.py")):
        if _draws(path.stem):
            names = _constants(path.stem).get("FIGURES", (path.stem.replace("_", "-"),))
            figures |= dict.fromkeys(names, path.stem)
    return dict(sorted(figures.items()))


def needs(figure: str) -> frozenset[str]:
    """Return the words of `Region.offers` without which the figure cannot be drawn."""
    words = _constants(modules()[figure]).get("NEEDS", ())
    return frozenset(words.get(figure, ()) if isinstance(words, dict) else words)


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse((FOLDER / f"{module}.py").read_bytes())


def _draws(module: str) -> bool:
    return any(isinstance(n, ast.FunctionDef) and n.name == "draw" for n in _tree(module).body)


def _constants(module: str) -> dict[str, Any]:
    """Return the constants of a module that describe its figures."""
    assignments = [node for node in _tree(module).body if isinstance(node, ast.Assign)]
    values = {getattr(node.targets[0], "id", ""): node.value for node in assignments}
    return {name: ast.literal_eval(values[name]) for name in CONSTANTS if name in values}
