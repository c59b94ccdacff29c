"""The rule graph: read, reduced, layered and drawn."""

from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from downbench.core.errors import UserError
from downbench.report.rule_graph import Graph, layout, read, reduced
from downbench.report.rule_graph_svg import svg

TEXT = """---
title: DAG
---
flowchart TB
	id0[exp1]
	id1[train]
	id2[prepare_target]
	id3["sample <all>"]
	style id0 fill:#57D9AD,stroke-width:2px,color:#333333
	id1 --> id1
	id2 --> id1
	id1 --> id3
	id2 --> id3
	id3 --> id0
	id2 --> id0
"""


def graph(tmp_path: Path, text: str = TEXT) -> Graph:
    path = tmp_path / "dag.mmd"
    path.write_text(text)
    return read(path)


def test_read_takes_rules_and_edges_but_no_self_loop(tmp_path: Path) -> None:
    found = graph(tmp_path)
    assert list(found.names.values()) == ["exp1", "train", "prepare_target", "sample <all>"]
    assert ("id1", "id1") not in found.edges and len(found.edges) == 5


def test_edges_that_follow_from_others_go(tmp_path: Path) -> None:
    edges = reduced(graph(tmp_path)).edges
    assert set(edges) == {("id2", "id1"), ("id1", "id3"), ("id3", "id0")}


def test_every_rule_stands_below_what_it_needs(tmp_path: Path) -> None:
    found = graph(tmp_path)
    placed = layout(found)
    depth = {name: level for level, row in enumerate(placed.rows) for name in row}
    assert all(depth[start] < depth[end] for start, end in found.edges)


def test_long_edges_pass_one_place_in_every_row_between(tmp_path: Path) -> None:
    placed = layout(graph(tmp_path))
    depth = {name: level for level, row in enumerate(placed.rows) for name in row}
    steps = [depth[b] - depth[a] for chain in placed.chains for a, b in pairwise(chain)]
    assert set(steps) == {1}
    assert max(len(chain) for chain in placed.chains) == 4


def test_order_within_rows_avoids_a_needless_crossing() -> None:
    names = {key: key for key in "abcdef"}
    crossed = Graph(names, (("a", "d"), ("b", "e"), ("c", "f")))
    shuffled = Graph({key: key for key in "abcfed"}, crossed.edges)
    upper, lower = layout(shuffled).rows
    matching = dict(crossed.edges)
    assert [matching[name] for name in upper] == lower


def test_svg_is_well_formed_and_names_every_rule(tmp_path: Path) -> None:
    root = ElementTree.fromstring(svg(graph(tmp_path)))
    words = [node.text for node in root.iter("text")]
    assert sorted(words) == ["exp1", "prepare_target", "sample <all>", "train"]
    boxes = [(float(r.get("x")), float(r.get("y")), 156, 28) for r in root.iter("rect")]
    width, height = float(root.get("width")), float(root.get("height"))
    assert all(0 <= x <= width - w and 0 <= y <= height - h for x, y, w, h in boxes)
    assert len({(x, y) for x, y, *_ in boxes}) == len(boxes)


def test_a_circle_is_told() -> None:
    circle = Graph({"a": "a", "b": "b"}, (("a", "b"), ("b", "a")))
    with pytest.raises(UserError, match="circle"):
        svg(circle)


def test_missing_or_empty_graphs_are_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="make dag"):
        read(tmp_path / "none.mmd")
    with pytest.raises(UserError, match="no line of the form"):
        graph(tmp_path, "flowchart TB\n")
