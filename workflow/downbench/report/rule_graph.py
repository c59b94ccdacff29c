"""The workflow's rule graph in layers, from the mermaid text that Snakemake prints.

Layers by the longest path from a source; edges that span several layers pass through empty
places; order within a layer by the mean place of the neighbours (the barycentre heuristic of
Sugiyama, Tagawa and Toda 1981).
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from downbench.core.errors import UserError

NODE = re.compile(r"^\s*(\w+)\[\"?(.+?)\"?\]\s*$")
EDGE = re.compile(r"^\s*(\w+)\s*-->\s*(\w+)\s*$")
SWEEPS = 12

Edge = tuple[str, str]


@dataclass(frozen=True)
class Graph:
    """Names of rules by identifier, and edges from a rule to those that use its outputs."""

    names: dict[str, str]
    edges: tuple[Edge, ...]


@dataclass(frozen=True)
class Layout:
    """Rows from top to bottom, and for every edge the places that it passes, ends included."""

    rows: list[list[str]]
    chains: list[list[str]]


def read(path: Path) -> Graph:
    """Read the text of `snakemake --rulegraph mermaid-js`; a rule that feeds itself has no edge.

    Raises
    ------
    UserError
        When the file is missing or names no rule.
    """
    if not path.is_file():
        raise UserError(f"{path}: no rule graph; write it with `make dag`")
    lines = path.read_text(encoding="utf-8").splitlines()
    names = {found[1]: found[2] for line in lines if (found := NODE.match(line))}
    edges = [(found[1], found[2]) for line in lines if (found := EDGE.match(line))]
    if not names:
        raise UserError(f"{path}: no line of the form id[name]; write it again with `make dag`")
    known = [(a, b) for a, b in edges if a in names and b in names and a != b]
    return Graph(names, tuple(known))


def reduced(graph: Graph) -> Graph:
    """The graph without edges that follow from others (its transitive reduction)."""
    after: dict[str, set[str]] = {name: set() for name in graph.names}
    for start, end in graph.edges:
        after[start].add(end)

    def reaches(start: str, end: str) -> bool:
        return end in after[start] or any(reaches(middle, end) for middle in after[start])

    _depths(graph)  # a circle would never end
    kept = [
        (start, end)
        for start, end in graph.edges
        if not any(reaches(middle, end) for middle in after[start] - {end})
    ]
    return Graph(graph.names, tuple(kept))


def layout(graph: Graph) -> Layout:
    """Place every rule below all that it needs.

    Raises
    ------
    UserError
        When the edges form a circle.
    """
    depth = _depths(graph)
    rows: list[list[str]] = [[] for _ in range(max(depth.values()) + 1)]
    for name in graph.names:
        rows[depth[name]].append(name)
    chains = []
    for start, end in graph.edges:
        passed = [f"{start}>{end}@{level}" for level in range(depth[start] + 1, depth[end])]
        for level, place in enumerate(passed, depth[start] + 1):
            rows[level].append(place)
        chains.append([start, *passed, end])
    return Layout(_ordered(rows, chains), chains)


def _depths(graph: Graph) -> dict[str, int]:
    """Length of the longest path that leads to each rule."""
    depth = dict.fromkeys(graph.names, 0)
    for _ in range(len(graph.names) + 1):
        late = [(start, end) for start, end in graph.edges if depth[end] <= depth[start]]
        if not late:
            return depth
        for start, end in late:
            depth[end] = max(depth[end], depth[start] + 1)
    raise UserError("the rule graph has a circle: it is no graph of rules")


def _ordered(rows: list[list[str]], chains: list[list[str]]) -> list[list[str]]:
    """Sort each row by the mean place of the neighbours, downwards and upwards in turn."""
    links = [pair for chain in chains for pair in pairwise(chain)]
    above: dict[str, list[str]] = {place: [] for row in rows for place in row}
    below: dict[str, list[str]] = {place: [] for row in rows for place in row}
    for start, end in links:
        above[end].append(start)
        below[start].append(end)
    where = _places(rows)
    for sweep in range(SWEEPS):
        near, order = (above, rows) if sweep % 2 == 0 else (below, rows[::-1])
        for row in order:
            row.sort(key=lambda place: _mean([where[n] for n in near[place]], where[place]))
            where |= _places([row])
    return rows


def _places(rows: list[list[str]]) -> dict[str, float]:
    """Distance of each place from the middle of its row."""
    return {place: i - (len(row) - 1) / 2 for row in rows for i, place in enumerate(row)}


def _mean(values: list[float], default: float) -> float:
    return sum(values) / len(values) if values else default
