"""Fixtures that several folders of tests share."""

import sys
from pathlib import Path

import pytest
from filelock import FileLock

sys.path.insert(0, str(Path(__file__).parent / "workflow"))

import copies
import one_node_slurm
from downbench.core.execution import granted_cores

ORDER = ("test_slurm.py", "workflow", "known_answers", "unit")


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project as a clone has it; tests do not change it."""
    return copies.copy_project(tmp_path_factory.mktemp("pristine") / "project")


def pytest_xdist_auto_num_workers() -> int:
    """One process per core, and one for the tests of SLURM: most of their time, they wait."""
    return granted_cores() + (one_node_slurm.why_not() is None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take minutes, so that no process ends with one of them alone.

    The longest submits jobs; others that do, in `integration`, come last: they would wait for it.
    """
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    return next((turn for turn, part in enumerate(ORDER) if part in item.path.parts), len(ORDER))


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
