"""Guides of docs/: the files that they ask for, written into a copy of the project."""

import re
import subprocess
import sys
from pathlib import Path

import copies

FILE = re.compile(r"^`(?P<path>[\w/.-]+\.\w+)`:\n\n```\w+\n(?P<text>.*?)^```$", re.DOTALL | re.M)


def files(guide: str) -> list[tuple[str, str]]:
    """Return path and text of every code block that a guide gives a file."""
    text = (copies.ROOT / "docs" / guide).read_text(encoding="utf-8")
    blocks = FILE.findall(text)
    assert blocks, f"{guide} names no file"
    return blocks


def follow(guide: str, project: Path, without: str | None = None) -> None:
    """Write the files of a guide, but for one, into a copy of the project.

    Entries of `config/models.yaml` are appended; no other file may exist.
    """
    for name, text in files(guide):
        path = project / name
        if name == "config/models.yaml":
            path.write_text(f"{path.read_text(encoding='utf-8')}\n{text}", encoding="utf-8")
        elif name != without:
            assert not path.exists(), f"{guide} overwrites {path}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def python(project: Path, code: str, *arguments: str) -> str:
    """Run code with the package of a copy and the tests' helpers; return what it prints."""
    environment = copies.environment() | {
        "PYTHONPATH": f"{project / 'workflow'}:{copies.ROOT / 'tests'}"
    }
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout
