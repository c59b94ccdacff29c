"""Files that the guides of docs/ tell a newcomer to write."""

import re
import subprocess
import sys
from pathlib import Path

import copies

FILE = re.compile(r"^`(?P<path>[\w/.-]+\.\w+)`:\n\n```\w+\n(?P<text>.*?)^```$", re.DOTALL | re.M)


def follow(guide: str, project: Path) -> list[Path]:
    """Write the files of a guide into a copy of the project."""
    text = (copies.ROOT / "docs" / guide).read_text(encoding="utf-8")
    paths = []
    for match in FILE.finditer(text):
        path = project / match["path"]
        assert not path.exists(), f"{guide} overwrites {path}"
        path.write_text(match["text"], encoding="utf-8")
        paths.append(path)
    assert paths, f"{guide} names no file"
    return paths


def python(project: Path, code: str) -> str:
    """Run code with the copy's package and the tests' helpers; what it prints."""
    environment = copies.environment() | {
        "PYTHONPATH": f"{project / 'workflow'}:{copies.ROOT / 'tests'}"
    }
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=project, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout
