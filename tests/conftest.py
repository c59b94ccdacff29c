"""Fixtures that several folders of tests share."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "workflow"))

import copies


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project as a clone has it; tests do not change it."""
    return copies.copy_project(tmp_path_factory.mktemp("pristine") / "project")


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small project in which exp1 ran undisturbed to its end; tests work on copies."""
    project = copies.copy_project(tmp_path_factory.mktemp("finished") / "project")
    copies.shrink(project)
    done = copies.snakemake(project, "--profile", "profiles/local", "exp1")
    assert done.returncode == 0, done.stderr[-5000:]
    return project


@pytest.fixture
def project(finished: Path, tmp_path: Path) -> Path:
    """A finished project that a test may change."""
    return copies.without(finished, tmp_path / "project")
