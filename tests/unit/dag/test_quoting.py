"""Paths of any name reach a step as they are: every path in a shell command is quoted."""

import re
import shlex
from pathlib import Path

from downbench.dag.functions import arguments, pair_arguments

RULES = Path(__file__).parents[3] / "workflow/rules"
PATHS = re.compile(r"\{((?:input|output|log|wildcards)\b[^}]*)\}")
AWKWARD = "it's (a) & $(run)/x.csv"


def test_every_path_in_a_command_is_quoted():
    commands = [
        line
        for path in RULES.glob("*.smk")
        for line in path.read_text().splitlines()
        if line.lstrip().startswith(('" ', '"OMP'))
    ]
    fields = [field for line in commands for field in PATHS.findall(line)]
    assert len(fields) > 100
    assert [field for field in fields if not field.endswith(":q")] == []


def test_arguments_are_the_words_that_a_step_reads():
    assert shlex.split(arguments("base", [AWKWARD])) == ["--base", AWKWARD]
    assert shlex.split(pair_arguments("part", ["a", "b"], [AWKWARD, "y"])) == [
        "--part",
        f"a={AWKWARD}",
        "b=y",
    ]
    assert arguments("base", []) == ""
