"""The list of known mistakes names tests that exist, for every mistake."""

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
PAGE = TESTS.parent / "docs" / "traps.md"
NAMED = re.compile(r"`((?:[\w/*]+\.py|…)(?:::(\w+))?)`")


def rows() -> dict[str, str]:
    """Text of the last column by trap."""
    lines = (line.strip("| ").split(" | ") for line in PAGE.read_text().splitlines())
    return {
        trap: cells[2]
        for cells in lines
        if len(cells) == 3 and re.match(r"T\d", cells[0])
        for trap in cells[0].split(", ")
    }


def named(text: str) -> list[tuple[str, str]]:
    """Files under tests/ and functions in them; … stands for the file named before."""
    found, file = [], ""
    for whole, function in NAMED.findall(text):
        path = whole.split("::")[0]
        file = file if path == "…" else path
        if Path(file).name.startswith("test_"):
            found.append((file, function))
    return found


def test_every_trap_has_a_test() -> None:
    wanted = {f"T{number}" for number in range(1, 36)}
    assert {trap for trap, text in rows().items() if named(text)} >= wanted


@pytest.mark.parametrize("trap", rows())
def test_the_tests_named_exist(trap: str) -> None:
    for file, function in named(rows()[trap]):
        found = list(TESTS.glob(file))
        assert found, f"{trap}: tests/{file} does not exist"
        defined = {
            node.name
            for path in found
            for node in ast.parse(path.read_text()).body
            if isinstance(node, ast.FunctionDef)
        }
        assert not function or function in defined, f"{trap}: no {function} in tests/{file}"
