"""Fixtures that several folders of tests share."""

import sys
from pathlib import Path

import pytest
from filelock import FileLock

sys.path.insert(0, str(Path(__file__).parent / "workflow"))

import copies


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project as a clone has it; tests do not change it."""
    return copies.copy_project(tmp_path_factory.mktemp("pristine") / "project")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take minutes, so that no process ends with one of them alone.

    Files that submit jobs wait for each other: the longest of them comes first, the others late.
    """
    items.sort(
        key=lambda item: (item.path.name != "test_slurm.py", "workflow" not in item.path.parts)
    )


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A small project in which exp1 ran undisturbed to its end; tests work on copies.

    All processes of the tests share one.
    """
    root = tmp_path_factory.getbasetemp()
    folder = (root if worker_id == "master" else root.parent) / "finished"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            project = copies.copy_project(folder.with_name("unfinished"))
            copies.shrink(project)
            done = copies.snakemake(project, "--profile", "profiles/local", "exp1")
            assert done.returncode == 0, done.stderr[-5000:]
            project.rename(folder)
    return folder


@pytest.fixture
def project(finished: Path, tmp_path: Path) -> Path:
    """A finished project that a test may change."""
    return copies.without(finished, tmp_path / "project")
