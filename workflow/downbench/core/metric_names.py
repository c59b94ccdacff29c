"""Names of the proper scores that claims may compare, read from their modules without an import.

The configuration is checked before numpy is imported; `scores.paired.claim_scores` gives a score
its meaning.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

METRICS = Path(__file__).parents[1] / "scores" / "metrics"
DISTANCES = ("spectral_distance", "spread_skill_error", "rank_deviation")
"""Distances from a perfect value, which claims may compare, too."""

WINDOW_SCALES = {"crps_window_mean": 3, "energy_score_window": 2}
"""The one scale of scores of windows: days of the mean; side of the patch [cells]."""


@cache
def claim_scores() -> tuple[str, ...]:
    """Return the names of distances, and of metrics that are means of days and best when low."""
    names = {name for path in sorted(METRICS.glob("*.py")) for name in _proper_scores(path)}
    return (*DISTANCES, *sorted(names))


def _proper_scores(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Metric":
            keys = {str(key.arg): key.value for key in node.keywords}
            name, pairs = _literal(keys.get("name")), keys.get("pairs")
            daily = pairs.args[:1] if isinstance(pairs, ast.Call) else []
            if _literal(keys.get("best")) == "low" and [_literal(arg) for arg in daily] == [name]:
                yield str(name)


def _literal(node: ast.expr | None) -> object:
    return node.value if isinstance(node, ast.Constant) else None
