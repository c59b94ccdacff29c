"""The project that a command belongs to."""

from pathlib import Path

import downbench

MARK = Path("config/default.yaml")


def project_root() -> Path:
    """Return the project of the working directory, or that of the package."""
    here = Path.cwd()
    return here if (here / MARK).is_file() else Path(downbench.__path__[0]).parents[1]
