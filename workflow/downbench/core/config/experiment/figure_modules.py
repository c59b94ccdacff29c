"""What each figure says about itself, read from its module without importing it.

A figure is a module of `plots/figures/` with a function `draw` and the literal constants `TITLE`
and `CAPTION`; `NEEDS` (words of `Region.offers`) and `POSITION` (its place on the page) are
optional. Nothing else lists the figures.
"""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from downbench.core.errors import UserError

FIGURES = Path(__file__).parents[3] / "plots" / "figures"
LAST = 10_000


@dataclass(frozen=True)
class FigureDescription:
    """What a figure shows.

    title, caption : words of the page; `plots.timing` fills in {on} and {day}
    needs : what a region must offer
    position : place on the page, small numbers first
    """

    title: str
    caption: str
    needs: frozenset[str]
    position: int


def known() -> list[str]:
    """Names of all figures, hyphens for underscores."""
    modules = (path.stem for path in FIGURES.glob("*.py") if path.stem != "__init__")
    return sorted(stem.replace("_", "-") for stem in modules)


@cache
def describe(figure: str) -> FigureDescription:
    """Return the description in a figure's module.

    Raises
    ------
    UserError
        When the module lacks TITLE, CAPTION or `draw`.
    """
    path = FIGURES / f"{figure.replace('-', '_')}.py"
    constants = _constants(path)
    missing = [name for name in ("TITLE", "CAPTION", "draw") if name not in constants]
    if missing:
        raise UserError(
            f"{path}: figure '{figure}' lacks {', '.join(missing)}: write TITLE and CAPTION as "
            "plain strings, and a function draw(inputs) (docs/add-a-figure.md)"
        )
    return FigureDescription(
        constants["TITLE"],
        constants["CAPTION"],
        frozenset(constants.get("NEEDS", ())),
        constants.get("POSITION", LAST),
    )


def needs(figure: str) -> frozenset[str]:
    """Return what a region must offer for the figure, words of `Region.offers`."""
    return describe(figure).needs


def _constants(path: Path) -> dict[str, object]:
    """Return the literal constants of a module, and its functions by name."""
    constants: dict[str, object] = {}
    for node in ast.parse(path.read_bytes()).body:
        if isinstance(node, ast.FunctionDef):
            constants[node.name] = node
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                constants[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:
                continue  # computed, so no part of the description
    return constants
