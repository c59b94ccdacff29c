"""Which figures there are, and what each needs of a region, read without importing any."""

import ast
from functools import cache
from pathlib import Path

PLOTS = Path(__file__).parents[3] / "plots" / "figures"


def known() -> list[str]:
    """Names of all modules of plots/ as figures are named, hyphens for underscores."""
    return sorted(path.stem.replace("_", "-") for path in PLOTS.glob("*.py"))


@cache
def needs(figure: str) -> frozenset[str]:
    """The module's constant NEEDS, words of `Region.offers`; empty where it has none."""
    tree = ast.parse((PLOTS / f"{figure.replace('-', '_')}.py").read_bytes())
    found = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "NEEDS"
    ]
    return frozenset(found[0]) if found else frozenset()
