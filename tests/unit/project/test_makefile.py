"""`make` alone explains every target."""

import re
from pathlib import Path

MAKEFILE = (Path(__file__).parents[3] / "Makefile").read_text()


def test_every_target_has_a_line_of_help_and_help_is_the_first():
    phony = re.search(r"^\.PHONY: ((?:.*\\\n)*.*)", MAKEFILE, re.MULTILINE)[1]
    explained = re.findall(r"^([a-z0-9-]+):.*## \S", MAKEFILE, re.MULTILINE)
    assert sorted(explained) == sorted(phony.replace("\\", " ").split())
    assert explained[0] == "help"
