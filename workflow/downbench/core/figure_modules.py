"""What each figure says about itself, read from its module without importing it.

A figure is a module of `plots/figures/` with a function `draw` and the literal constants `TITLE`
and `CAPTION`; `NEEDS` (words of `Region.offers`), `POSITION` (its place on the page) and `EXPERT`
(is it shown on request?) are optional. A module that draws several figures lists them in a
constant `FIGURES`: by name, the constants that differ, and `ARGUMENTS`, keywords of `draw`.
Nothing else lists the figures.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from downbench.core.errors import UserError

FIGURES = Path(__file__).parents[1] / "plots" / "figures"
LAST = 10_000
REQUIRED = ("TITLE", "CAPTION", "draw")


@dataclass(frozen=True)
class FigureDescription:
    """What a figure shows.

    module : name of its module
    title, caption : words of the page; `plots.timing` fills in {on} and {day}
    needs : what a region must offer
    position : place on the page, small numbers first
    expert : is it a diagnostic for experts, shown on request?
    arguments : keywords of `draw`
    """

    module: str
    title: str
    caption: str
    needs: frozenset[str]
    position: int
    expert: bool = False
    arguments: Mapping[str, Any] = field(default_factory=dict)


def known() -> list[str]:
    """Names of all figures."""
    return sorted(_stems(FIGURES))


def describe(figure: str) -> FigureDescription:
    """Return the description in a figure's module.

    Raises
    ------
    UserError
        When the module lacks TITLE, CAPTION or `draw`.
    """
    stem = _stems(FIGURES)[figure]
    path = FIGURES / f"{stem}.py"
    constants = _constants(path)
    constants = {**constants, **constants.get("FIGURES", {}).get(figure, {})}
    missing = [name for name in REQUIRED if name not in constants]
    if missing:
        raise UserError(
            f"{path}: figure '{figure}' lacks {', '.join(missing)}: write TITLE and CAPTION as "
            "plain strings, and a function draw(inputs) (docs/add-a-figure.md)"
        )
    return FigureDescription(
        stem,
        constants["TITLE"],
        constants["CAPTION"],
        frozenset(constants.get("NEEDS", ())),
        constants.get("POSITION", LAST),
        constants.get("EXPERT", False),
        constants.get("ARGUMENTS", {}),
    )


def needs(figure: str) -> frozenset[str]:
    """Return what a region must offer for the figure, words of `Region.offers`."""
    return describe(figure).needs


@cache
def _stems(folder: Path) -> dict[str, str]:
    """Return the module of every figure; one that lists none is named like it with hyphens."""
    paths = (path for path in sorted(folder.glob("*.py")) if _is_figure(path))
    return {name: path.stem for path in paths for name in _names(path)}


def _is_figure(path: Path) -> bool:
    """Whether a module draws or describes a figure: helpers may lie beside them."""
    return not path.stem.startswith("_") and not _constants(path).keys().isdisjoint(REQUIRED)


def _names(path: Path) -> list[str]:
    listed = _constants(path).get("FIGURES")
    return list(listed) if listed else [path.stem.replace("_", "-")]


@cache
def _constants(path: Path) -> dict[str, Any]:
    """Return the literal constants of a module, and its functions by name."""
    constants: dict[str, Any] = {}
    for node in ast.parse(path.read_bytes()).body:
        if isinstance(node, ast.FunctionDef):
            constants[node.name] = node
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                constants[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:
                continue  # computed, so no part of the description
    return constants
