"""The rule graph as an SVG element whose colours come from the page's style sheet."""

from html import escape
from itertools import pairwise

from downbench.report.rule_graph import Graph, Layout, layout, reduced

WIDTH, HEIGHT = 156, 28
PASSAGE, GAP_X, GAP_Y, MARGIN = 16, 18, 40, 8

Point = tuple[float, float]


def svg(graph: Graph) -> str:
    """Draw the graph; edges that follow from others are left out.

    Raises
    ------
    UserError
        When the edges form a circle.
    """
    placed = layout(reduced(graph))
    total = max(_row_width(row, graph) for row in placed.rows) + 2 * MARGIN
    height = len(placed.rows) * (HEIGHT + GAP_Y) - GAP_Y + 2 * MARGIN
    tops = _tops(placed, graph, total)
    edges = "".join(_edge([tops[place] for place in chain]) for chain in placed.chains)
    nodes = "".join(_node(tops[key], name) for key, name in graph.names.items())
    return (
        f'<svg class="graph" viewBox="0 0 {total:g} {height:g}" width="{total:g}" '
        f'height="{height:g}" role="img" aria-label="Graph of {len(graph.names)} rules">'
        f"{edges}{nodes}</svg>"
    )


def _width(place: str, graph: Graph) -> int:
    return WIDTH if place in graph.names else PASSAGE


def _row_width(row: list[str], graph: Graph) -> float:
    return sum(_width(place, graph) for place in row) + GAP_X * (len(row) - 1)


def _tops(placed: Layout, graph: Graph, total: float) -> dict[str, Point]:
    """Middle of the upper edge of every place; rows are centred."""
    tops = {}
    for depth, row in enumerate(placed.rows):
        x = (total - _row_width(row, graph)) / 2
        for place in row:
            width = _width(place, graph)
            tops[place] = (x + width / 2, MARGIN + depth * (HEIGHT + GAP_Y))
            x += width + GAP_X
    return tops


def _edge(tops: list[Point]) -> str:
    """A smooth line from the foot of the first place to the top of the last, with a tip."""
    x, y = tops[0]
    line = f"M{x:g} {y + HEIGHT:g}"
    for (x0, y0), (x1, y1) in pairwise(tops):
        middle = (y0 + HEIGHT + y1) / 2
        line += f"C{x0:g} {middle:g} {x1:g} {middle:g} {x1:g} {y1:g}"
        line += f"V{y1 + HEIGHT:g}" if (x1, y1) != tops[-1] else ""
    x, y = tops[-1]
    tip = f"M{x - 3.5:g} {y - 6:g}h7l-3.5 6z"
    return f'<path d="{line}"/><path class="tip" d="{tip}"/>'


def _node(top: Point, name: str) -> str:
    x, y = top
    return (
        f'<rect x="{x - WIDTH / 2:g}" y="{y:g}" width="{WIDTH}" height="{HEIGHT}" rx="6"/>'
        f'<text x="{x:g}" y="{y + HEIGHT / 2 + 4:g}">{escape(name)}</text>'
    )
